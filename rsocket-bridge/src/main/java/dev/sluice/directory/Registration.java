package dev.sluice.directory;

/** An instance that stands in a directory, and is renewed for as long as this is held. Thread safe. */
public interface Registration extends Renewed {

    /** The service, or the destination, it is registered for. */
    String service();

    /** What was registered. */
    Instance instance();
}
