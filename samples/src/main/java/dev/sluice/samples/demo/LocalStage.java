package dev.sluice.samples.demo;

import dev.sluice.SluiceException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Sender;
import dev.sluice.switching.ExclusiveLease;
import dev.sluice.switching.LeaseOptions;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.ServiceStatus;
import dev.sluice.switching.Sinkhole;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Everybody in this process. A process that dies here takes nothing back: its lease lasts until its time has run out. */
final class LocalStage implements Stage {

    private final Ledger ledger;
    private final Channel<Message> channel = Channel.create(
            ChannelOptions.builder().name(Mesh.NAME).capacity(Mesh.CAPACITY).build());
    private final ServiceRegistry<Message> registry = ServiceRegistry.create();
    private final LeaseOptions<Message> alone;
    private final Scheduler readerThread = Schedulers.newSingle("reader", true);

    LocalStage(Ledger ledger) {
        this.ledger = ledger;
        Sinkhole<Message> sinkhole = Sinkhole.<Message>builder(sinkhole())
                .onDiscard(ledger::discarded)
                .build();
        this.alone = LeaseOptions.<Message>builder()
                .divertOthersTo(sinkhole)
                .ttl(Plan.LEASE)
                .maxWait(Duration.ofSeconds(5))
                .build();
    }

    @Override
    public void open() {}

    @Override
    public String place() {
        return "";
    }

    @Override
    public String sinkhole() {
        return "sinkhole";
    }

    @Override
    public Way enter(String service) {
        return way(registry.register(service, channel));
    }

    private Way way(Sender<Message> sender) {
        // A send that is cancelled tells the hook when it took the element back; one that fails never sent it.
        return message -> sender.send(message)
                .doOnDiscard(Message.class, ledger::withdrawn)
                .doOnError(SluiceException.class, refused -> ledger.withdrawn(message));
    }

    @Override
    public Lease lease() {
        ExclusiveLease<Message> granted = Objects.requireNonNull(
                registry.exclusive(channel, Updater.NAME, alone).block());
        return new Granted(granted, way(granted.sender()));
    }

    @Override
    public void read(Consumer<Message> reader, Runnable ended) {
        channel.receive().publishOn(readerThread).doFinally(end -> ended.run()).subscribe(reader);
    }

    @Override
    public Map<String, String> destinations() {
        return registry.services().stream().collect(Collectors.toMap(ServiceStatus::name, ServiceStatus::destination));
    }

    @Override
    public long buffered() {
        return Objects.requireNonNull(channel.stats().block()).buffered();
    }

    @Override
    public void closeChannel() {
        channel.close();
    }

    @Override
    public void close() {
        channel.close();
        readerThread.dispose();
    }

    private record Granted(ExclusiveLease<Message> lease, Way way) implements Lease {

        @Override
        public void renew() {
            lease.renew().block();
        }

        @Override
        public void close() {
            lease.close().block();
        }

        @Override
        public void abandon() {
            // Nobody notices that a thread is gone.
        }
    }
}
