package dev.sluice.samples;

import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubOptions;
import dev.sluice.hub.control.HubClient;
import dev.sluice.hub.control.ServiceInfo;
import dev.sluice.rsocket.ClientOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Two producers send to two channels of a hub, and somebody else, over a connection of its own, exchanges where they lead: first between two frames,
 * then again and again while both send. Neither producer is told, and each frame comes to one of the channels, once.
 */
final class RemoteSwap {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MANY = 1_000;
    private static final int SWAPS = 10;

    private final PrintWriter out;
    private final Hub hub;
    private final List<HubClient> clients = new ArrayList<>();
    private final Disposable.Composite readers = Disposables.composite();

    private RemoteSwap(PrintWriter out) {
        this.out = out;
        this.hub = Hub.create(HubOptions.builder().tcp("127.0.0.1", 0).build());
    }

    static void run(PrintWriter out) {
        new RemoteSwap(out).run();
    }

    private void run() {
        hub.start().block(PATIENCE);
        try {
            out.println("the hub listens on " + hub.endpoints().get(0));
            play();
        } finally {
            readers.dispose();
            Flux.fromIterable(clients)
                    .flatMap(HubClient::close)
                    .then(hub.close())
                    .block(PATIENCE);
        }
    }

    /** Somebody with a connection of its own. */
    private HubClient client() {
        int port = hub.endpoints().get(0).getPort();
        HubClient client = HubClient.create(ClientOptions.tcp("127.0.0.1", port).build());
        clients.add(client);
        return client;
    }

    private void play() {
        Sender<Frame> left = wait(client().produce("left", "west"));
        Sender<Frame> right = wait(client().produce("right", "east"));
        HubClient third = client();
        List<String> west = read("west");
        List<String> east = read("east");

        out.println(where(third));
        send(left, "left", 1, 3).then(send(right, "right", 1, 3)).block(PATIENCE);
        third.services().swap("left", "right").block(PATIENCE);
        out.println("a third client swaps: " + where(third));
        send(left, "left", 4, 6).then(send(right, "right", 4, 6)).block(PATIENCE);
        await(12, west, east);
        out.println("west got " + west);
        out.println("east got " + east);

        Mono.when(send(left, "left", 7, MANY), send(right, "right", 7, MANY), swaps(third))
                .block(PATIENCE);
        await(2 * MANY, west, east);
        out.println("it swaps " + SWAPS + " times more, while both send on up to " + MANY + ": " + where(third));
        List<String> all = Stream.concat(west.stream(), east.stream()).toList();
        int different = new HashSet<>(all).size();
        out.println("sent " + 2 * MANY + ", received " + all.size() + ", lost " + (2 * MANY - different) + ", doubled "
                + (all.size() - different));
    }

    /** What a channel's reader gets; it is a client too. */
    private List<String> read(String channel) {
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        Flux<String> frames = client().channels().channel(channel).receive().map(Frame::asText);
        readers.add(frames.subscribe(got::add));
        return got;
    }

    /** Numbered frames, each when the one before is accepted. */
    private static Mono<Void> send(Sender<Frame> sender, String name, int first, int last) {
        return Flux.range(first, last - first + 1)
                .concatMap(number -> sender.send(Frame.text(name + " " + number)))
                .then();
    }

    private static Mono<Void> swaps(HubClient third) {
        return Flux.range(1, SWAPS)
                .concatMap(swap -> third.services().swap("left", "right"))
                .then();
    }

    private static String where(HubClient third) {
        List<ServiceInfo> services = wait(third.services().list("").collectList());
        return services.stream()
                .map(service -> service.name() + " sends to " + service.destination())
                .collect(Collectors.joining(", "));
    }

    /** Waits until the readers have got so many together. */
    private static void await(int count, List<String> west, List<String> east) {
        Flux.interval(Duration.ofMillis(10))
                .onBackpressureDrop()
                .filter(tick -> west.size() + east.size() >= count)
                .blockFirst(PATIENCE);
    }

    private static <T> T wait(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(PATIENCE));
    }
}
