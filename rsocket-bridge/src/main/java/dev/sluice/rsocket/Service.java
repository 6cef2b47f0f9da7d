package dev.sluice.rsocket;

import dev.sluice.Source;
import org.reactivestreams.Publisher;

/**
 * Answers calls with a stream of sources.
 *
 * <p>Called once for each call, on the event loop of its connection: must not block. What it returns is subscribed once, asked for
 * exactly as many sources as the caller asks for, and cancelled when the caller cancels or the connection is lost. An error it throws
 * or signals fails the call: {@link dev.sluice.SluiceException}s keep their kind, of others the caller gets the message as a {@link
 * dev.sluice.RemoteException}.
 */
@FunctionalInterface
public interface Service {

    /**
     * The answer to a call.
     *
     * @param request what is asked, and who asks
     * @return the sources; those that are {@link Nest}s nest
     */
    Publisher<? extends Source> answer(Request request);
}
