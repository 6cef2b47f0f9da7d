package dev.sluice.perf.files;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.ninep.NinePOptions;
import dev.sluice.ninep.NinePServer;
import dev.sluice.perf.measure.Questions;
import dev.sluice.switching.ServiceRegistry;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Sluice's server of 9P with the channels of a {@link Tree}: the entry point of its process.
 *
 * <p>Says that it is ready, and its port. Then answers {@code usage}; {@code memory}, the same after a collection; and {@code
 * received COUNT} with how many frames {@code drained} has brought, as soon as it has brought so many.
 */
public final class FilesServer {
    static final String USAGE = "usage";
    static final String MEMORY = "memory";
    static final String RECEIVED = "received";

    private static final NinePOptions LOOPBACK =
            NinePOptions.builder().host("127.0.0.1").port(0).build();
    private static final int CAPACITY = 1 << 12;
    private static final long PATIENCE_SECONDS = 10;

    private final Channels channels = Channels.inMemory();
    private final AtomicLong received = new AtomicLong();

    private FilesServer() {}

    /**
     * Runs the server.
     *
     * @param args how many channels are in the folder {@code many}
     */
    public static void main(String... args) {
        Questions.answer(questions -> new FilesServer().serve(Integer.parseInt(args[0]), questions));
    }

    private void serve(int entries, Questions questions) throws Exception {
        keepFull(Tree.FULL_SMALL, Tree.SMALL);
        keepFull(Tree.FULL_LARGE, Tree.LARGE);
        channels.channel(Tree.DRAINED).receive().subscribe(frame -> received.incrementAndGet());
        channels.channel(Tree.EMPTY);
        for (int i = 0; i < entries; i++) {
            channels.channel(Tree.MANY + "/" + i);
        }
        NinePServer server = Objects.requireNonNull(
                NinePServer.serve(channels, ServiceRegistry.create(), LOOPBACK).block());
        questions.ready(Integer.toString(server.address().getPort()));
        while (true) {
            questions.answer(answer(questions.next()));
        }
    }

    /** With the same frame again and again, by as little work as there can be: a sender that keeps up with every reader. */
    private void keepFull(String name, int bytes) {
        ChannelOptions options = ChannelOptions.builder().capacity(CAPACITY).build();
        Channel<Frame> channel =
                Objects.requireNonNull(channels.create(name, options).block());
        byte[] content = new byte[bytes];
        Arrays.fill(content, Tree.CONTENT);
        channel.sendAll(Flux.fromIterable(forEver(Frame.wrap(content))))
                .subscribeOn(Schedulers.single())
                .subscribe();
    }

    private static <T> Iterable<T> forEver(T element) {
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public T next() {
                return element;
            }
        };
    }

    private String answer(String question) throws InterruptedException {
        if (question.equals(MEMORY)) {
            return Usage.afterCollection().words();
        }
        if (question.startsWith(RECEIVED)) {
            awaitReceived(Long.parseLong(question.substring(RECEIVED.length()).trim()));
            return Long.toString(received.get());
        }
        return Usage.now().words();
    }

    /** A writer has his answer when the frame is in the channel, and whoever receives may be a moment behind. */
    private void awaitReceived(long count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (received.get() < count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
