package dev.sluice.directory.contract;

import dev.sluice.directory.Directory;
import java.time.Duration;

/** An engine of directories, in the hands of a test. */
public interface DirectoryEngine {

    /** Another holder of the one directory that this test has. */
    Directory open();

    /** What happens to a holder's process when it dies: it renews no longer, and says nothing. */
    void crash(Directory directory);

    /** Lets time pass. */
    void pass(Duration time);

    /** Removes a key from under whoever holds it. */
    void remove(String key);

    /** Puts a key, as somebody does by hand: over what is there, and to stay. */
    void put(String key, String text);

    /** Loses all there is, leases too, as an engine that is replaced by an empty one. */
    void wipe();
}
