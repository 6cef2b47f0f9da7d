package dev.sluice.hub.cli.bench;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.hub.control.HubClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Frames as fast as they go: a sender and a receiver for each channel, on connections of their own. Thread safe. */
public final class Flood implements Shape {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Period period;
    private final int size;
    private final List<Reception> receptions = new ArrayList<>();
    private final List<Mono<Long>> sendings = new ArrayList<>();
    private final List<Channel<Frame>> channels = new ArrayList<>();
    /** Fails with the first failure: the others, mostly of the same reason, have nothing to add. */
    private final CompletableFuture<Object> broken = new CompletableFuture<>();

    private volatile boolean over;

    /**
     * A flood that does not flow yet.
     *
     * @param size bytes of a frame
     * @param names of the channels, each used by nobody else
     * @param senders connections that the senders share out among themselves
     * @param receivers likewise
     */
    public Flood(Period period, int size, List<String> names, List<HubClient> senders, List<HubClient> receivers) {
        this.period = period;
        this.size = size;
        Numbering numbering = new Numbering(size);
        for (int number = 0; number < names.size(); number++) {
            String name = names.get(number);
            Reception reception = new Reception(numbering);
            receivers
                    .get(number % receivers.size())
                    .channels()
                    .channel(name)
                    .receive()
                    .subscribe(reception);
            reception.ended().subscribe(nothing -> {}, broken::completeExceptionally);
            receptions.add(reception);
            Channel<Frame> channel =
                    senders.get(number % senders.size()).channels().channel(name);
            channels.add(channel);
            sendings.add(channel.sendAll(frames(numbering, period.share(number, names.size())))
                    .onErrorResume(failure -> {
                        broken.completeExceptionally(failure);
                        return Mono.empty();
                    }));
        }
    }

    private Flux<Frame> frames(Numbering numbering, long limit) {
        return Flux.generate(() -> new long[1], (place, sink) -> {
            if (over || place[0] >= limit) {
                sink.complete();
            } else {
                sink.next(numbering.at(place[0]++));
            }
            return place;
        });
    }

    @Override
    public Outcome run() throws InterruptedException {
        Period.Clock clock = period.start();
        CompletableFuture<Long> sending = Flux.merge(Flux.fromIterable(sendings), sendings.size(), 1)
                .reduce(0L, Long::sum)
                .toFuture();
        await(sending, period.warmUp());
        long warm = done();
        long warmAt = System.nanoTime();
        if (period.byTime()) {
            await(sending, period.duration());
        } else {
            patiently(sending);
        }
        long measured = done() - warm;
        long nanos = System.nanoTime() - warmAt;
        over = true;
        long sent = patiently(sending);
        // Receivers get what is left and end.
        channels.forEach(Channel::close);
        patiently(Mono.when(receptions.stream()
                        .map(reception -> reception.ended().onErrorComplete())
                        .toList())
                .toFuture());
        if (!period.byTime()) {
            measured = done();
            nanos = System.nanoTime() - clock.began();
        }
        return outcome(sent, measured, nanos);
    }

    private Outcome outcome(long sent, long measured, long nanos) {
        long received = done();
        long misplaced = receptions.stream().mapToLong(Reception::misplaced).sum();
        double seconds = nanos / 1e9;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("sent", sent);
        figures.put("received", received);
        figures.put("lost", Math.max(0, sent - received));
        figures.put("doubled", Math.max(0, received - sent));
        figures.put("misplaced", misplaced);
        figures.put("measuredFrames", measured);
        figures.put("measuredSeconds", Figure.of(seconds));
        figures.put("framesPerSecond", Figure.of(measured / seconds));
        figures.put("megabytesPerSecond", Figure.of(measured / seconds * size / 1e6));
        return new Outcome(figures, sent == received && misplaced == 0);
    }

    @Override
    public long done() {
        long sum = 0;
        for (Reception reception : receptions) {
            sum += reception.received();
        }
        return sum;
    }

    /** Waits for a time, or until it failed. */
    private void await(CompletableFuture<?> something, Duration time) throws InterruptedException {
        try {
            CompletableFuture.anyOf(broken, something).get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException expected) {
            // It goes on.
        } catch (ExecutionException failed) {
            throw Exceptions.propagate(Objects.requireNonNullElse(failed.getCause(), failed));
        }
    }

    /** Waits as long as frames come. */
    private <T> T patiently(CompletableFuture<T> something) throws InterruptedException {
        long before = -1;
        while (true) {
            try {
                CompletableFuture.anyOf(broken, something).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
                return something.join();
            } catch (TimeoutException late) {
                long now = done();
                if (now == before) {
                    throw Exceptions.propagate(new TimeoutException("nothing has come for " + PATIENCE.toSeconds()
                            + " s, after " + now + " frames: is the hub still there?"));
                }
                before = now;
            } catch (ExecutionException failed) {
                throw Exceptions.propagate(Objects.requireNonNullElse(failed.getCause(), failed));
            }
        }
    }
}
