package dev.sluice.samples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The channel {@code mesh}, the services that send to it, the updater, and the reader: everybody on a thread of his own. */
final class Mesh implements AutoCloseable {

    static final String NAME = "mesh";

    static final int CAPACITY = 64;
    private static final long PATIENCE_MILLIS = 30_000;

    private final List<String> names = new ArrayList<>();
    private final List<Producer> producers = new ArrayList<>();
    private final Plan plan;
    private final Ledger ledger;
    private final Stage stage;
    private final Updater updater;
    private final CountDownLatch readerEnded = new CountDownLatch(1);

    Mesh(Stage.Maker maker, Plan plan) {
        this.plan = plan;
        names.add("grpc");
        for (int sensor = 1; sensor <= plan.sensors(); sensor++) {
            names.add("sensor-" + sensor);
        }
        ledger = new Ledger(names.size() + 1, System::nanoTime);
        stage = maker.make(ledger);
        updater = new Updater(stage, ledger, names.size(), plan);
    }

    /** Starts the reader and the services. */
    void start() {
        stage.open();
        stage.read(ledger::received, readerEnded::countDown);
        for (int service = 0; service < names.size(); service++) {
            String name = names.get(service);
            producers.add(new Producer(name, service, stage.enter(name), ledger, plan.rate()));
        }
        // The first look is the slowest: not while everybody sends.
        stage.destinations();
        producers.forEach(Producer::start);
    }

    Ledger ledger() {
        return ledger;
    }

    Updater updater() {
        return updater;
    }

    Stage stage() {
        return stage;
    }

    /** The services that share the channel with the updater. */
    List<String> names() {
        return names;
    }

    /** Whether every service sends to the channel. */
    boolean isShared() {
        Map<String, String> destinations = stage.destinations();
        return names.stream().allMatch(name -> NAME.equals(destinations.get(name)));
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
        stage.closeChannel();
        if (!readerEnded.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            problems.add("the reader did not end");
        }
        ledger.readerIsPast();
        return ledger.balance(stage.buffered());
    }

    @Override
    public void close() {
        stage.close();
    }
}
