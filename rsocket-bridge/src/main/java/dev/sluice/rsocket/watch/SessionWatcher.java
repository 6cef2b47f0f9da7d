package dev.sluice.rsocket.watch;

import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Is told what one session does. Called on the session's event loop unless it says otherwise, so for one session never by two threads at a time;
 * must neither block nor throw.
 *
 * <p>Frames and streams are counted by the session and told once for all that one event has moved, so that watching costs nothing for each.
 */
public interface SessionWatcher {

    /** Hears nothing. */
    SessionWatcher NONE = new SessionWatcher() {};

    /** The session has begun; {@link #ended} will be told. */
    default void began() {}

    /**
     * The session has ended. The last that is told of it.
     *
     * @param how in which way
     */
    default void ended(Ending how) {}

    /**
     * A batch was handed to the connection.
     *
     * @param bytes of the batch as it travels, compressed if it is
     */
    default void sent(int bytes) {}

    /**
     * A batch has come.
     *
     * @param bytes of the batch as it travelled
     */
    default void received(int bytes) {}

    /**
     * Frames have begun to move.
     *
     * @param in that have come for a stream, 0 or more
     * @param out that have left, 0 or more
     */
    default void frames(int in, int out) {}

    /**
     * Streams and calls have been opened or have ended.
     *
     * @param in how many more than before are open that the other side has opened, below 0 for fewer
     * @param out the same of those this side has opened
     */
    default void streams(int in, int out) {}

    /**
     * What could have moved did not for a while, and does now, or never will.
     *
     * @param why what held it up
     * @param nanos for how long
     */
    default void stalled(Stall why, long nanos) {}

    /**
     * A call is being made. On the thread that assembles it.
     *
     * @param call what is asked
     * @param make makes a call, for each subscriber
     * @return the answer: that of {@code make}, watched, perhaps to the call with more tags
     */
    default Flux<RemoteSource> calling(Call call, Function<Call, Flux<RemoteSource>> make) {
        return make.apply(call);
    }

    /**
     * A call is being served. What {@code answer} throws or signals is the call's failure, also when there is no such service.
     *
     * @param request what is asked
     * @param answer asks the service; once
     * @return the answer, watched
     */
    default Publisher<? extends Source> serving(
            Request request, Supplier<? extends Publisher<? extends Source>> answer) {
        return answer.get();
    }
}
