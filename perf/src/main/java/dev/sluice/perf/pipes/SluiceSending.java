package dev.sluice.perf.pipes;

import dev.sluice.Frame;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Registration;
import dev.sluice.pipes.Destination;
import dev.sluice.pipes.DestinationOptions;
import dev.sluice.pipes.Pipes;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** A destination of this process. */
final class SluiceSending implements Sending {
    static final String NAME = "perf";

    private static final int CAPACITY = 1 << 12;
    private static final int FRAMES_A_LOOK = 64;

    private final PipesShape shape;
    private final Frame frame;
    private final Destination destination;
    private final String place;

    private SluiceSending(PipesShape shape, Destination destination, String place) {
        this.shape = shape;
        this.frame = Frame.wrap(Content.of(shape.bytes()));
        this.destination = destination;
        this.place = place;
    }

    static SluiceSending start(PipesShape shape) {
        Destination destination = Pipes.create(Directory.open("memory:"))
                .destination(
                        NAME, DestinationOptions.builder().capacity(CAPACITY).build());
        Registration registration =
                Objects.requireNonNull(destination.register().block());
        String place =
                registration.instance().host() + ":" + registration.instance().port();
        return new SluiceSending(shape, destination, place);
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public void awaitMembers() throws InterruptedException {
        while (members() < shape.groups() * shape.members()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private int members() {
        return Objects.requireNonNull(destination.stats().block()).groups().stream()
                .mapToInt(group -> group.receivers())
                .sum();
    }

    @Override
    public long send(long until) {
        Flux<Frame> frames = Flux.fromIterable(() -> new Until(until));
        return Objects.requireNonNull(
                destination.sendAll(frames).subscribeOn(Schedulers.single()).block());
    }

    /** The same frame again and again, by as little work as there can be; some in any case, however late it is. */
    private final class Until implements Iterator<Frame> {
        private final long until;
        private int toLook = FRAMES_A_LOOK;
        private boolean isOver;

        Until(long until) {
            this.until = until;
        }

        @Override
        public boolean hasNext() {
            if (--toLook < 0) {
                toLook = FRAMES_A_LOOK;
                isOver = System.nanoTime() - until >= 0;
            }
            return !isOver;
        }

        @Override
        public Frame next() {
            return frame;
        }
    }
}
