package dev.sluice.samples.demo;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.SluiceException;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Sender;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubOptions;
import dev.sluice.hub.control.HubClient;
import dev.sluice.hub.control.RemoteLease;
import dev.sluice.hub.control.RemoteLeaseOptions;
import dev.sluice.hub.control.ServiceInfo;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.switching.Diversion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A hub on loopback, and everybody a client of it with a connection of its own. When a process dies, its system closes its
 * connections, and the hub ends at once the lease it had: that happens to the updater's {@link Line} here.
 */
final class HubStage implements Stage {

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** The time is longer than a busy machine stands still: that the holder is gone its connection tells. */
    private static final RemoteLeaseOptions ALONE = RemoteLeaseOptions.builder()
            .others(Diversion.DEV_NULL)
            .ttl(Duration.ofSeconds(10))
            .maxWait(Duration.ofSeconds(10))
            .build();

    private final Ledger ledger;
    private final Codec codec;
    private final Hub hub;
    private final List<HubClient> clients = new CopyOnWriteArrayList<>();
    private final Scheduler readerThread = Schedulers.newSingle("reader", true);

    HubStage(Ledger ledger) {
        this.ledger = ledger;
        this.codec = new Codec(ledger.services());
        ChannelOptions mesh = ChannelOptions.builder().capacity(Mesh.CAPACITY).build();
        this.hub = Hub.create(HubOptions.builder()
                .tcp(LOOPBACK, 0)
                .channel(Mesh.NAME, mesh, List.of())
                .onDiscard(this::discarded)
                .build());
    }

    private void discarded(Frame frame) {
        Message message = codec.read(frame);
        if (message != null) {
            ledger.discarded(message);
        }
    }

    @Override
    public void open() {
        hub.start().block(PATIENCE);
    }

    private int port() {
        return hub.endpoints().get(0).getPort();
    }

    @Override
    public String place() {
        return hub.endpoints().get(0).toString();
    }

    @Override
    public String sinkhole() {
        return "/dev/null";
    }

    private static HubClient client(int port) {
        return HubClient.create(ClientOptions.tcp(LOOPBACK, port).build());
    }

    /** Somebody new, who stays to the end. */
    private HubClient join() {
        HubClient client = client(port());
        clients.add(client);
        return client;
    }

    @Override
    public Way enter(String service) {
        return way(Objects.requireNonNull(join().produce(service, Mesh.NAME).block(PATIENCE)));
    }

    private Way way(Sender<Frame> sender) {
        return message -> sender.send(codec.write(message))
                .doOnDiscard(Frame.class, withdrawn -> ledger.withdrawn(message))
                .doOnCancel(() -> ledger.unknown(message))
                .doOnError(failure -> failed(message, failure));
    }

    /** The hub said no, or went silent: then it may have accepted the element. */
    private void failed(Message message, Throwable failure) {
        if (failure instanceof SluiceException && !(failure instanceof ConnectionLostException)) {
            ledger.withdrawn(message);
        } else {
            ledger.unknown(message);
        }
    }

    @Override
    public Lease lease() {
        Line line = new Line(port());
        HubClient client = client(line.port());
        try {
            RemoteLease granted = Objects.requireNonNull(
                    client.leases().acquire(Mesh.NAME, Updater.NAME, ALONE).block(PATIENCE));
            return new Granted(line, client, granted, way(granted.sender()));
        } catch (RuntimeException refused) {
            hangUp(line, client);
            throw refused;
        }
    }

    /** First the line, so that the hub is told nothing. Whoever waits for an answer is told that there will be none. */
    private static void hangUp(Line line, HubClient client) {
        line.cut();
        client.close().subscribe(closed -> {}, lost -> {});
    }

    @Override
    public void read(Consumer<Message> reader, Runnable ended) {
        join().channels()
                .channel(Mesh.NAME)
                .receive()
                .publishOn(readerThread)
                .mapNotNull(codec::read)
                .subscribe(reader, lost -> {}, ended);
    }

    @Override
    public Map<String, String> destinations() {
        Map<String, String> all = onlooker()
                .services()
                .list("")
                .collectMap(ServiceInfo::name, ServiceInfo::destination)
                .block(PATIENCE);
        return Objects.requireNonNull(all);
    }

    /** The first who came. */
    private HubClient onlooker() {
        return clients.get(0);
    }

    @Override
    public long buffered() {
        return Objects.requireNonNull(hub.channels().channel(Mesh.NAME).stats().block())
                .buffered();
    }

    @Override
    public void closeChannel() {
        hub.channels().channel(Mesh.NAME).close();
    }

    @Override
    public void close() {
        Flux.fromIterable(clients)
                .flatMap(client -> client.close().timeout(GOODBYE).onErrorComplete())
                .then(hub.close().timeout(GOODBYE).onErrorComplete())
                .block();
        readerThread.dispose();
    }

    private record Granted(Line line, HubClient client, RemoteLease lease, Way way) implements Lease {

        @Override
        public void renew() {
            lease.renew().block(PATIENCE);
        }

        @Override
        public void close() {
            lease.close().then(client.close()).block(PATIENCE);
            line.cut();
        }

        @Override
        public void abandon() {
            hangUp(line, client);
        }
    }
}
