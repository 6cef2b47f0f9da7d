package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.ChannelStats.GroupStats;
import dev.sluice.channel.Delivery;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Keyspace;
import dev.sluice.directory.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Nodes that find each other through one directory in memory, and members that write down what they get. */
abstract class PipesFixture {

    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration TTL = Duration.ofSeconds(2);

    final Keyspace keys = Keyspace.inMemory(Schedulers.parallel());
    final Directory directory = Directory.over(keys);
    private final List<Pipes> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.forEach(node -> node.close().block(LONG));
        directory.close().block(LONG);
    }

    Pipes node() {
        return node(directory, options -> options);
    }

    Pipes node(Directory in, UnaryOperator<PipesOptions.Builder> how) {
        Pipes node = Pipes.create(in, how.apply(PipesOptions.builder().ttl(TTL)).build());
        nodes.add(node);
        return node;
    }

    static Destination registered(Pipes node, String name) {
        return registered(node.destination(name));
    }

    static Destination registered(Destination destination) {
        register(destination);
        return destination;
    }

    static Registration register(Destination destination) {
        return Objects.requireNonNull(destination.register().block(LONG));
    }

    static void send(Destination to, String... texts) {
        Flux.just(texts).concatMap(text -> to.send(Frame.text(text))).blockLast(LONG);
    }

    static Mono<Long> sendNumbers(Destination to, int from, int count) {
        return to.sendAll(Flux.range(from, count).map(number -> Frame.text("" + number)));
    }

    /** A member; it asks for as much as it is told to, and acknowledges if it is told to. */
    static class Receiver extends BaseSubscriber<Delivery<Frame>> {
        final List<Delivery<Frame>> deliveries = new CopyOnWriteArrayList<>();
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        final AtomicInteger completions = new AtomicInteger();
        private final long first;
        private final boolean acknowledges;

        Receiver(long first, boolean acknowledges) {
            this.first = first;
            this.acknowledges = acknowledges;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (first > 0) {
                subscription.request(first);
            }
        }

        @Override
        protected void hookOnNext(Delivery<Frame> delivery) {
            // First, so that who sees it finds it acknowledged.
            if (acknowledges) {
                delivery.ack();
            }
            deliveries.add(delivery);
        }

        @Override
        protected void hookOnError(Throwable error) {
            errors.add(error);
        }

        @Override
        protected void hookOnComplete() {
            completions.incrementAndGet();
        }

        List<String> texts() {
            return deliveries.stream()
                    .map(delivery -> delivery.value().asText())
                    .toList();
        }

        void awaitCount(int count) {
            await().atMost(LONG).until(() -> deliveries.size() >= count);
        }
    }

    static Receiver joined(Group group) {
        return joined(group, Long.MAX_VALUE, true);
    }

    static Receiver joined(Group group, long asks, boolean acknowledges) {
        Receiver receiver = new Receiver(asks, acknowledges);
        group.join().subscribe(receiver);
        return receiver;
    }

    static ChannelStats stats(Destination of) {
        return Objects.requireNonNull(of.stats().block(LONG));
    }

    static GroupStats onlyGroup(Destination of) {
        List<GroupStats> groups = stats(of).groups();
        assertThat(groups).hasSize(1);
        return groups.get(0);
    }

    /** Waits until a destination has a pipe for each of these groups, with so many members connected to each. */
    static void awaitMembers(Destination destination, String group, int count) {
        await().atMost(LONG)
                .until(() -> stats(destination).groups().stream()
                        .anyMatch(stats -> stats.name().equals(group) && stats.receivers() == count));
    }
}
