package dev.sluice.perf.network;

import dev.sluice.Frame;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;

/** The client of Sluice: one call, whose sources are subscribed to as they come. */
final class SluiceConnection implements NetworkPeer.Connection {

    /** Demand that comes along with the call, so that a source's frames come along with the source. */
    private static final long FIRST_ITEMS = 256;

    private final Peer peer;
    private final Runnable disconnect;

    /**
     * A connection.
     *
     * @param peer the server
     * @param disconnect closes the connection, and returns when it is closed
     */
    SluiceConnection(Peer peer, Runnable disconnect) {
        this.peer = peer;
        this.disconnect = disconnect;
    }

    @Override
    public void take(Work work, Tally tally) {
        peer.call(Call.to(SluiceService.NAME).body(Frame.wrap(work.encode())).firstItems(FIRST_ITEMS))
                .subscribe(new Sources(tally));
    }

    @Override
    public void close() {
        disconnect.run();
    }

    /** Takes the sources of a call. Its end needs no look: who counts knows how many sources there are. */
    private static final class Sources extends BaseSubscriber<RemoteSource> {
        private final Frames frames;

        Sources(Tally tally) {
            this.frames = new Frames(tally);
        }

        @Override
        protected void hookOnNext(RemoteSource source) {
            source.frames().subscribe(frames);
        }

        @Override
        protected void hookOnError(Throwable reason) {
            frames.onError(reason);
        }
    }

    /** Takes the frames of all sources. A frame's bytes are its own already, and never change. */
    private record Frames(Tally tally) implements CoreSubscriber<Frame> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Frame frame) {
            int size = frame.size();
            tally.frame(size, frame.byteAt(0), frame.byteAt(size - 1));
        }

        @Override
        public void onError(Throwable reason) {
            tally.fail(reason);
        }

        @Override
        public void onComplete() {
            tally.sourceEnded();
        }
    }
}
