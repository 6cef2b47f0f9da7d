package dev.sluice.samples.demo;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.ServiceStatus;
import dev.sluice.switching.Sinkhole;
import dev.sluice.switching.SwitchableSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The channel {@code mesh}, the services that send to it, the updater, and the reader: everybody on a thread of his own. */
final class Mesh {

    static final String NAME = "mesh";

    static final int CAPACITY = 64;
    private static final long PATIENCE_MILLIS = 5_000;

    private final List<String> names = new ArrayList<>();
    private final List<Producer> producers = new ArrayList<>();
    private final Ledger ledger;
    private final Channel<Message> channel = Channel.create(
            ChannelOptions.builder().name(NAME).capacity(CAPACITY).build());
    private final Sinkhole<Message> sinkhole;
    private final ServiceRegistry<Message> registry = ServiceRegistry.create();
    private final Updater updater;
    private final Scheduler readerThread = Schedulers.newSingle("reader", true);
    private final CountDownLatch readerEnded = new CountDownLatch(1);

    Mesh(Plan plan) {
        names.add("grpc");
        for (int sensor = 1; sensor <= plan.sensors(); sensor++) {
            names.add("sensor-" + sensor);
        }
        ledger = new Ledger(names.size() + 1, System::nanoTime);
        sinkhole = Sinkhole.<Message>builder("sinkhole")
                .onDiscard(ledger::discarded)
                .build();
        for (int service = 0; service < names.size(); service++) {
            SwitchableSink<Message> sink = registry.register(names.get(service), channel);
            producers.add(new Producer(names.get(service), service, sink, ledger, plan.rate()));
        }
        updater = new Updater(registry, channel, sinkhole, ledger, names.size(), plan);
    }

    /** Starts the reader and the services. */
    void start() {
        channel.receive()
                .publishOn(readerThread)
                .doFinally(end -> readerEnded.countDown())
                .subscribe(ledger::received);
        producers.forEach(Producer::start);
    }

    Ledger ledger() {
        return ledger;
    }

    Updater updater() {
        return updater;
    }

    /** The services that share the channel with the updater. */
    List<String> names() {
        return names;
    }

    /** Where each service sends now, by its name. */
    Map<String, String> destinations() {
        return registry.services().stream().collect(Collectors.toMap(ServiceStatus::name, ServiceStatus::destination));
    }

    /** Whether every service sends to the channel. */
    boolean isShared() {
        return destinations().values().stream().allMatch(NAME::equals);
    }

    /**
     * Stops everybody, lets the reader take what is left, and balances the books.
     *
     * @param problems gets what did not come to its end
     */
    Balance stop(List<String> problems) throws InterruptedException {
        producers.forEach(Producer::stop);
        if (!updater.join(PATIENCE_MILLIS)) {
            problems.add("the updater did not end");
        }
        for (int service = 0; service < producers.size(); service++) {
            Producer producer = producers.get(service);
            if (!producer.join(PATIENCE_MILLIS)) {
                problems.add(names.get(service) + " did not end: its send waits for ever");
            }
            if (producer.failure() != null) {
                problems.add(names.get(service) + " noticed: " + producer.failure());
            }
        }
        channel.close();
        if (!readerEnded.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            problems.add("the reader did not end");
        }
        readerThread.dispose();
        return ledger.balance(buffered());
    }

    /** How many elements wait in the channel. */
    long buffered() {
        return Objects.requireNonNull(channel.stats().block()).buffered();
    }
}
