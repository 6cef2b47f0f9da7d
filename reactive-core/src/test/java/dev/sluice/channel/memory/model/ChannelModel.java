package dev.sluice.channel.memory.model;

import dev.sluice.channel.SendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a channel with one receiver answers when nothing happens at the same time. */
public abstract class ChannelModel {
    /** Stands for a send whose thread has sent again, so that nobody is going to cancel it. */
    private static final int FORGOTTEN = -1;

    /** Who waits, longest first: the thread that can cancel it. */
    private final List<Integer> waiting = new ArrayList<>();

    private int capacity;
    private int buffered;
    private int demand;
    private boolean closed;

    /** A channel with a capacity. */
    protected ChannelModel(int capacity) {
        this.capacity = capacity;
    }

    /** See {@link ChannelSubject#trySend}. */
    public SendResult trySend(int thread) {
        return trySend();
    }

    private SendResult trySend() {
        if (closed) {
            return SendResult.CLOSED;
        }
        if (!waiting.isEmpty() || !hasRoom()) {
            return SendResult.FULL;
        }
        accept();
        return SendResult.ACCEPTED;
    }

    /** See {@link ChannelSubject#send}. */
    public String send(int thread) {
        waiting.replaceAll(other -> other == thread ? FORGOTTEN : other);
        return switch (trySend()) {
            case CLOSED -> "closed";
            case ACCEPTED -> "accepted";
            case FULL -> {
                waiting.add(thread);
                yield "waits";
            }
        };
    }

    /** See {@link ChannelSubject#cancel}. */
    public boolean cancel(int thread) {
        return waiting.remove(Integer.valueOf(thread));
    }

    /** See {@link ChannelSubject#request}. */
    public void request() {
        if (buffered > 0) {
            buffered--;
        } else {
            demand++;
        }
        admit();
    }

    /** See {@link ChannelSubject#resize}. */
    public void resize(int newCapacity) {
        capacity = newCapacity;
        admit();
    }

    /** See {@link ChannelSubject#close}. */
    public void close() {
        closed = true;
        waiting.clear();
    }

    private boolean hasRoom() {
        return buffered < capacity + demand;
    }

    private void accept() {
        if (demand > 0) {
            demand--;
        } else {
            buffered++;
        }
    }

    private void admit() {
        while (!waiting.isEmpty() && hasRoom()) {
            waiting.remove(0);
            accept();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelModel model
                && waiting.equals(model.waiting)
                && capacity == model.capacity
                && buffered == model.buffered
                && demand == model.demand
                && closed == model.closed;
    }

    @Override
    public int hashCode() {
        return Objects.hash(waiting, capacity, buffered, demand, closed);
    }

    /** Where nothing may wait. */
    public static final class Rendezvous extends ChannelModel {
        /** For Lincheck. */
        public Rendezvous() {
            super(0);
        }
    }

    /** Where one element may wait. */
    public static final class RoomForOne extends ChannelModel {
        /** For Lincheck. */
        public RoomForOne() {
            super(1);
        }
    }

    /** Where two elements may wait. */
    public static final class RoomForTwo extends ChannelModel {
        /** For Lincheck. */
        public RoomForTwo() {
            super(2);
        }
    }
}
