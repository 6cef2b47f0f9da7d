package dev.sluice.samples.demo;

import java.util.Map;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Where the demo plays: what brings elements from the services to the reader, and gives the channel to one of them alone.
 * All but {@link Way#send} waits until it is done. Thread safe, once it is open.
 */
interface Stage extends AutoCloseable {

    /** Makes a stage that tells a ledger what became of the elements that do not reach the reader. */
    interface Maker {
        Stage make(Ledger ledger);
    }

    /** How elements leave a service. */
    interface Way {

        /** Sends one; completes when it is accepted, and tells the ledger when it was not. Lazy. */
        Mono<Void> send(Message message);
    }

    /** The channel for the updater alone. */
    interface Lease {

        Way way();

        void renew();

        void close();

        /** What happens of itself when the process that holds it dies. Idempotent; without effect on a lease that was closed. */
        void abandon();
    }

    /** Opens the channel. */
    void open();

    /** Where that is, for everybody to see; empty when there is nothing to say. */
    String place();

    /** What becomes of elements that are diverted. */
    String sinkhole();

    /** A service comes in, and sends to the channel. */
    Way enter(String service);

    /** Waits for the lease of the channel; the others are diverted to the sinkhole. */
    Lease lease();

    /**
     * Starts the reader on a thread of its own.
     *
     * @param ended when the channel is closed and empty
     */
    void read(Consumer<Message> reader, Runnable ended);

    /** Where each service sends now, by its name. */
    Map<String, String> destinations();

    /** How many elements wait in the channel. */
    long buffered();

    /** Closes the channel: the reader gets what is left in it. */
    void closeChannel();

    /** Takes everything down. Idempotent. */
    @Override
    void close();
}
