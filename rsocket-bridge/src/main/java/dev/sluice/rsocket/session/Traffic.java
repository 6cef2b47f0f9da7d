package dev.sluice.rsocket.session;

import dev.sluice.rsocket.watch.Ending;
import dev.sluice.rsocket.watch.SessionWatcher;
import dev.sluice.rsocket.watch.Stall;

/**
 * What a session does, for whoever watches it: counted in plain numbers as it happens, and told when an event has been dealt with. All on the event
 * loop.
 */
final class Traffic {

    private final SessionWatcher watcher;
    private int framesIn;
    private int framesOut;
    private int streamsIn;
    private int streamsOut;

    /** What may hold up the session as a whole. */
    final Hold window = new Hold(Stall.SESSION);

    final Hold connection = new Hold(Stall.CONNECTION);
    final Hold valve = new Hold(Stall.VALVE);

    private boolean told;

    Traffic(SessionWatcher watcher) {
        this.watcher = watcher;
    }

    void began() {
        told = true;
        watcher.began();
    }

    void sent(int bytes) {
        watcher.sent(bytes);
    }

    void received(int bytes) {
        watcher.received(bytes);
    }

    void frameIn() {
        framesIn++;
    }

    void frameOut() {
        framesOut++;
    }

    /** Since when, for a stream that is held up and was {@code since} then, 0 for not before. */
    long stalled(long begun) {
        return begun == 0 ? System.nanoTime() | 1 : begun;
    }

    /** Tells of a stall that is over, if there was one. */
    long wentOn(Stall why, long begun) {
        if (begun != 0) {
            watcher.stalled(why, System.nanoTime() - begun);
        }
        return 0;
    }

    /** Tells what the event has changed. */
    void publish(Outbound outbound, StreamTable streams) {
        if (told) {
            outbound.publish(this);
            publish(streams.ofPeer(), streams.own());
        }
    }

    private void publish(int in, int out) {
        if ((framesIn | framesOut) != 0) {
            watcher.frames(framesIn, framesOut);
            framesIn = 0;
            framesOut = 0;
        }
        if (in != streamsIn || out != streamsOut) {
            watcher.streams(in - streamsIn, out - streamsOut);
            streamsIn = in;
            streamsOut = out;
        }
    }

    void ended(Ending how) {
        if (told) {
            window.set(false);
            connection.set(false);
            valve.set(false);
            publish(0, 0);
            told = false;
            watcher.ended(how);
        }
    }

    /** Something that holds up the session, or does not. */
    final class Hold {
        private final Stall why;
        private long since;

        Hold(Stall why) {
            this.why = why;
        }

        /** It does, or no longer; may be said again and again. */
        void set(boolean on) {
            since = on ? stalled(since) : wentOn(why, since);
        }
    }
}
