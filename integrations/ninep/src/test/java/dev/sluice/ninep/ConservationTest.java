package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Delivery;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every byte of every frame that was accepted is read once, whoever goes: readers between two reads and in the middle of a frame, by a clunk or with their
 * connection, after reads that were flushed; writers before they have their answers, and after writes that were flushed.
 *
 * <p>A frame is its number and as many letters as that says. What a reader has got of a frame when it goes may be a part; the rest then comes to
 * another, so a frame is whole when the parts are put together.
 */
@ExtendWith(NoLeaks.class)
class ConservationTest {

    private static final int FRAMES = 1_500;
    private static final int WRITERS = 3;
    private static final int READERS = 3;
    private static final List<Dialect> DIALECTS = List.of(Dialect.values());

    @RegisterExtension
    private final FileServer files = new FileServer();

    private final Queue<String> read = new ConcurrentLinkedQueue<>();
    private final Queue<String> written = new ConcurrentLinkedQueue<>();

    /** Writes that got no answer because their writer was killed: they may have been accepted. */
    private final Queue<String> doubtful = new ConcurrentLinkedQueue<>();

    private final AtomicInteger left = new AtomicInteger(WRITERS);

    private static String frame(int writer, int number, Random random) {
        return "<" + writer + ":" + number + ":" + "x".repeat(random.nextInt(40)) + ">";
    }

    private void write(int writer, long seed) {
        Random random = new Random(seed);
        int number = 0;
        while (number < FRAMES) {
            try (Peer peer = Peer.of(files.server, DIALECTS.get(random.nextInt(DIALECTS.size())))) {
                int fid = peer.open("pipeline", 1);
                for (int life = 1 + random.nextInt(200); life > 0 && number < FRAMES; life--) {
                    number += writeSome(peer, fid, writer, number, random);
                }
                if (random.nextBoolean()) {
                    String last = frame(writer, number++, random);
                    doubtful.add(last);
                    peer.send(Peer.writeOf(fid, last));
                    peer.kill();
                }
            }
        }
        left.decrementAndGet();
    }

    /** One write that is answered, or one that is flushed: then it is one or the other. */
    private int writeSome(Peer peer, int fid, int writer, int number, Random random) {
        String frame = frame(writer, number, random);
        int tag = peer.send(Peer.writeOf(fid, frame));
        if (random.nextInt(5) > 0) {
            assertThat(peer.reply(tag).isError()).isFalse();
            written.add(frame);
            return 1;
        }
        int flush = peer.send(Message.of(Type.TFLUSH).u16(tag));
        Reply first = peer.next();
        if (first.tag == tag) {
            written.add(frame);
            assertThat(peer.next().tag).isEqualTo(flush);
        } else {
            assertThat(first.tag).isEqualTo(flush);
        }
        return 1;
    }

    private void readAll(long seed) {
        Random random = new Random(seed);
        while (left.get() > 0 || pending()) {
            try (Peer peer = Peer.of(files.server, DIALECTS.get(random.nextInt(DIALECTS.size())))) {
                int fid = peer.open("pipeline", 0);
                for (int life = 1 + random.nextInt(100); life > 0; life--) {
                    readSome(peer, fid, random);
                }
                if (random.nextInt(3) > 0) {
                    peer.clunk(fid);
                }
            }
        }
    }

    private boolean pending() {
        var stats = Objects.requireNonNull(
                files.channels.channel("pipeline").stats().block());
        return stats.buffered() > 0 || stats.waitingSends() > 0;
    }

    /** A few reads at once, of which some are flushed; what is answered counts. */
    private void readSome(Peer peer, int fid, Random random) {
        List<Integer> tags = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            tags.add(peer.send(Peer.readOf(fid, 1 + random.nextInt(60))));
        }
        List<Integer> flushes = new ArrayList<>();
        for (int tag : tags) {
            flushes.add(peer.send(Message.of(Type.TFLUSH).u16(tag)));
        }
        int open = flushes.size();
        while (open > 0) {
            Reply reply = peer.next();
            if (flushes.contains(reply.tag)) {
                open--;
            } else {
                read.add(reply.data());
            }
        }
    }

    @RepeatedTest(3)
    void everyByteIsReadOnce_whoeverIsKilled() throws Exception {
        files.channel("pipeline", 20);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
        List<Future<?>> all = new ArrayList<>();
        long seed = System.nanoTime();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            all.add(threads.submit(() -> write(writer, seed + writer)));
        }
        for (int i = 0; i < READERS; i++) {
            int reader = i;
            all.add(threads.submit(() -> readAll(seed - 1 - reader)));
        }
        for (Future<?> each : all) {
            each.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        restIsRead();
        long bytesRead = read.stream().mapToLong(String::length).sum();
        long bytesWritten = written.stream().mapToLong(String::length).sum();
        long accepted = Objects.requireNonNull(
                        files.channels.channel("pipeline").stats().block())
                .accepted();
        assertThat(accepted)
                .as("seed %d", seed)
                .isBetween((long) written.size(), (long) written.size() + doubtful.size());
        long mayBeMore = doubtful.stream().mapToLong(String::length).sum();
        assertThat(bytesRead).as("seed %d", seed).isBetween(bytesWritten, bytesWritten + mayBeMore);
        wholeFramesAreThere(seed);
    }

    /** What goes back when the last readers go comes in its own time. */
    private void restIsRead() {
        Channel<Frame> channel = files.channels.channel("pipeline");
        await().until(() -> files.server.connections() == 0);
        channel.close();
        channel.receiveAcked(Channel.DEFAULT_GROUP)
                .doOnNext(delivery -> {
                    read.add(delivery.value().asText());
                    delivery.ack();
                })
                .map(Delivery::offset)
                .blockLast();
    }

    /**
     * Each frame that was written is among what was read: in one piece, or its beginning is, which is unique, and its end. Of what was read more often than
     * once nothing is.
     */
    private void wholeFramesAreThere(long seed) {
        Set<String> whole = new HashSet<>();
        List<String> parts = new ArrayList<>();
        for (String each : read) {
            if (each.startsWith("<") && each.endsWith(">")) {
                assertThat(whole.add(each)).as("%s once, seed %d", each, seed).isTrue();
            } else {
                parts.add(each);
            }
        }
        for (String frame : written) {
            assertThat(whole.contains(frame) || parts.stream().anyMatch(part -> isPartOf(part, frame)))
                    .as("%s, seed %d", frame, seed)
                    .isTrue();
        }
        java.util.Map<Character, Integer> counts = new java.util.HashMap<>();
        read.forEach(part -> part.chars().forEach(c -> counts.merge((char) c, 1, Integer::sum)));
        long accepted = Objects.requireNonNull(
                        files.channels.channel("pipeline").stats().block())
                .accepted();
        assertThat(counts.getOrDefault('<', 0).longValue())
                .as("beginnings, seed %d", seed)
                .isEqualTo(accepted);
        assertThat(counts.getOrDefault('>', 0).longValue())
                .as("ends, seed %d", seed)
                .isEqualTo(accepted);
    }

    /** A part of its beginning that says whose it is, or of its end. */
    private static boolean isPartOf(String part, String frame) {
        return !part.isEmpty()
                && (part.startsWith("<") ? frame.startsWith(part) : frame.endsWith(part) || frame.contains(part));
    }

    @Test
    void readersKilledWithManyReadsThatWait_takeNothing() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        for (int round = 0; round < 50; round++) {
            Peer peer = Peer.of(files.server, Dialect.LINUX);
            int fid = peer.open("pipeline", 0);
            for (int i = 0; i < 20; i++) {
                peer.send(Peer.readOf(fid, 100));
            }
            peer.settled();
            peer.kill();
            await().until(() -> Objects.requireNonNull(channel.stats().block()).receivers() == 0);
            assertThat(channel.trySend(Frame.text("kept " + round)).isAccepted())
                    .isTrue();
            assertThat(FileServer.take(channel)).isEqualTo("kept " + round);
        }
    }
}
