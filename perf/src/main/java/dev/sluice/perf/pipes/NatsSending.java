package dev.sluice.perf.pipes;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes a subject, and stays so many frames ahead of the slowest group at most: what a member or the server could not keep
 * would be dropped. Members tell what they have got by a subject of their own.
 */
final class NatsSending implements Sending {
    static final String SUBJECT = "perf.frames";
    static final String TAKEN = "perf.taken";

    /** Of a group, for all its members: far more than is on the way at a time, far less than the 64 MiB that the server keeps for a connection. */
    private static final long AHEAD_BYTES = 4 << 20;

    private static final long MOST_AHEAD = 1 << 15;
    private static final int FRAMES_A_LOOK = 64;
    private static final long PAUSE_NANOS = 20_000;
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final PipesShape shape;
    private final Connection connection;
    private final byte[] content;
    private final long ahead;
    private final AtomicLongArray taken;

    /** Where those are counted as taken that were lost. */
    private final long[] lost;

    private long sent;
    private long limit;

    private NatsSending(PipesShape shape, Connection connection) {
        this.shape = shape;
        this.connection = connection;
        this.content = Content.of(shape.bytes());
        this.ahead = Math.min(MOST_AHEAD, AHEAD_BYTES / shape.bytes());
        this.limit = ahead;
        this.taken = new AtomicLongArray(shape.groups() * shape.members());
        this.lost = new long[shape.groups()];
    }

    static NatsSending start(String server, PipesShape shape) throws Exception {
        NatsSending sending = new NatsSending(shape, connect(server));
        sending.connection
                .createDispatcher(message -> {
                    ByteBuffer words = ByteBuffer.wrap(message.getData());
                    sending.taken.set(words.getInt(), words.getLong());
                })
                .subscribe(TAKEN);
        sending.connection.flush(null);
        return sending;
    }

    static Connection connect(String server) throws Exception {
        return Nats.connect(Options.builder().server(server).noReconnect().build());
    }

    @Override
    public String place() {
        return "";
    }

    /** Members are there when they say that they are ready: by then the server has answered them. */
    @Override
    public void awaitMembers() {}

    @Override
    public long send(long until) throws Exception {
        long before = sent;
        for (int i = 1; i % FRAMES_A_LOOK != 0 || System.nanoTime() - until < 0; i++) {
            if (sent == limit) {
                awaitTaken();
            }
            connection.publish(SUBJECT, content);
            sent++;
        }
        connection.flush(null);
        return sent - before;
    }

    private void awaitTaken() {
        long began = System.nanoTime();
        while (taken() + ahead == limit) {
            LockSupport.parkNanos(PAUSE_NANOS);
            if (System.nanoTime() - began > LOST_NANOS) {
                Arrays.setAll(lost, group -> sent - taken(group));
            }
        }
        limit = taken() + ahead;
    }

    /** How many the slowest group has got. */
    private long taken() {
        long least = Long.MAX_VALUE;
        for (int group = 0; group < shape.groups(); group++) {
            least = Math.min(least, taken(group) + lost[group]);
        }
        return least;
    }

    private long taken(int group) {
        long sum = 0;
        for (int member = 0; member < shape.members(); member++) {
            sum += taken.get(group * shape.members() + member);
        }
        return sum;
    }
}
