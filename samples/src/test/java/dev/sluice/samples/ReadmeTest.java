package dev.sluice.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Codecs;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.BroadcastResult;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.directory.Directory;
import dev.sluice.nested.NestedFlux;
import dev.sluice.pipes.Destination;
import dev.sluice.pipes.Pipes;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.switching.LeaseOptions;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.Sinkhole;
import dev.sluice.switching.SwitchableSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Runs the snippets of README.md, and sees that README has them word for word. */
class ReadmeTest {

    private static final Path README = Path.of("..", "README.md");
    private static final Path HERE = Path.of("src/test/java/dev/sluice/samples/ReadmeTest.java");
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: (\\w+) -->\\s*```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("\\./sluice sample ([\\w-]+)");

    private final List<String> log = new CopyOnWriteArrayList<>();

    @TestFactory
    Stream<DynamicTest> everySnippet_isRunHere() throws IOException {
        String readme = Files.readString(README);
        String source = flat(Files.readString(HERE));
        List<MatchResult> snippets = SNIPPET.matcher(readme).results().toList();
        assertThat(snippets)
                .hasSize((int) readme.lines().filter("```java"::equals).count())
                .isNotEmpty();
        return snippets.stream().map(snippet -> {
            String name = snippet.group(1);
            String start = flat("@Test void " + name + "() {" + snippet.group(2));
            return DynamicTest.dynamicTest(name, () -> assertThat(source).contains(start));
        });
    }

    @Test
    void everySampleNamed_isThere() throws IOException {
        List<String> named = COMMAND.matcher(Files.readString(README))
                .results()
                .map(result -> result.group(1))
                .filter(name -> !name.equals("NAME"))
                .toList();

        assertThat(named).isNotEmpty();
        assertThat(dev.sluice.hub.cli.Main.commandLine()
                        .getSubcommands()
                        .get("sample")
                        .getSubcommands())
                .containsKeys(named.toArray(String[]::new));
    }

    /** Without the layout, which differs between a page and a method. */
    private static String flat(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void channel() {
        Channel<String> orders = Channel.create(2); // two may wait, then senders do

        orders.receive().subscribe(order -> log.add("shipped " + order));
        orders.send("tea").then(orders.send("coffee")).subscribe();

        Mono<Long> many =
                orders.sendAll(Flux.range(1, 1_000).map(number -> "cup " + number)); // asked for as there is room

        assertThat(many.block()).isEqualTo(1_000);
        assertThat(log).hasSize(1_002).startsWith("shipped tea", "shipped coffee", "shipped cup 1");
    }

    @Test
    void trySend() {
        Channel<String> orders = Channel.create(1);

        orders.trySend("tea"); // ACCEPTED
        orders.trySend("coffee"); // FULL

        assertThat(orders.trySend("coffee")).isEqualTo(SendResult.FULL);
        assertThat(orders.receive().blockFirst()).isEqualTo("tea");
    }

    @Test
    void rendezvous() {
        Channel<String> counter = Channel.create(0);

        counter.send("the keys").subscribe(null, null, () -> log.add("handed over")); // waits for a receiver
        counter.receive().subscribe(item -> log.add("got " + item));

        assertThat(log).containsExactlyInAnyOrder("handed over", "got the keys");
    }

    @Test
    void groups() {
        Channel<String> orders = Channel.create();

        orders.receive("billing").subscribe(order -> log.add("bill " + order));
        orders.receiveAcked("shipping").subscribe(delivery -> {
            log.add("ship " + delivery.value());
            delivery.ack(); // or nack(); what is not acked when the receiver goes is delivered again
        });
        orders.send("tea").subscribe();

        assertThat(log).containsExactlyInAnyOrder("bill tea", "ship tea");
        assertThat(orders.stats().block().groups()).allMatch(group -> group.unacked() == 0 && group.backlog() == 0);
    }

    @Test
    void replay() {
        Channel<String> news = Channel.create(
                ChannelOptions.builder().retention(Retention.last(2)).build());
        Flux.just("a", "b", "c").concatMap(news::send).subscribe();

        news.listen(Position.earliest()).subscribe(element -> log.add("late " + element)); // late b, late c
        news.listen().subscribe(element -> log.add("live " + element));
        news.send("d").subscribe(); // late d, live d

        assertThat(log).containsExactlyInAnyOrder("late b", "late c", "late d", "live d");
    }

    @Test
    void broadcast() {
        Channels channels = Channels.inMemory();
        channels.channel("subscriber/ann");
        Channel<String> bob = channels.channel("subscriber/bob").as(Codecs.text());
        bob.receive().subscribe(text -> log.add("bob got " + text));

        Mono<BroadcastResult> result = channels.broadcast("subscriber/*", Frame.text("hello"));

        BroadcastResult done = result.block();
        assertThat(done.toString()).isEqualTo("2 channels: 2 accepted");
        assertThat(done.isComplete()).isTrue();
        assertThat(log).containsExactly("bob got hello");
    }

    @Test
    void open() {
        Channels channels = Channels.open("memory:?buffer_size=100&persistent=true");
        Channels same = Channels.open(Map.of("engine", "memory", "buffer_size", 100, "persistent", true));

        for (Channels opened : List.of(channels, same)) {
            assertThat(opened.channel("orders").capacity()).isEqualTo(100);
            assertThat(opened.channel("orders").trySend(Frame.EMPTY)).isEqualTo(SendResult.ACCEPTED);
            assertThat(opened.channel("orders").stats().block().retained()).isEqualTo(1);
        }
    }

    @Test
    void switching() {
        Channel<String> old = Channel.create(1);
        Channel<String> next = Channel.create();
        SwitchableSink<String> sink = SwitchableSink.create("orders", old);

        Flux.just("a", "b", "c").concatMap(sink::send).subscribe(); // a is accepted, b waits
        sink.switchTo(next).subscribe(); // b and c go to the next channel; the sender sees nothing of it

        old.close();
        next.close();
        assertThat(old.receive().collectList().block()).containsExactly("a");
        assertThat(next.receive().collectList().block()).containsExactly("b", "c");
    }

    @Test
    void lease() {
        Channel<String> mesh = Channel.create();
        ServiceRegistry<String> services = ServiceRegistry.create();
        Sender<String> grpc = services.register("grpc", mesh);

        LeaseOptions<String> alone = LeaseOptions.<String>builder()
                .divertOthersTo(Sinkhole.create("dev-null"))
                .ttl(Duration.ofSeconds(10))
                .build();
        Flux<Void> update = services.withExclusive(
                mesh, "updater", alone, lease -> lease.sender().send("packet").then(grpc.send("a call, diverted")));

        update.blockLast();
        grpc.send("call").block();
        mesh.close();
        assertThat(mesh.receive().collectList().block()).containsExactly("packet", "call");
    }

    @Test
    void nested() {
        Source temperature = Source.of("temperature", Flux.just(Frame.text("21"), Frame.text("22")));
        Source wind = Source.of("wind", Flux.just(Frame.text("3 kn"), Frame.text("4 kn")));

        Flux<Source> sources = NestedFlux.ignore(
                Flux.just(temperature, wind), header -> header.asText().equals("humidity"));
        Flux<Frame> byTurns = NestedFlux.mergeFair(sources); // each ready source in turn, by demand

        assertThat(byTurns.map(Frame::asText).limitRate(1).collectList().block())
                .containsExactly("21", "3 kn", "22", "4 kn");
    }

    @Test
    void network() {
        Channels there = Channels.inMemory();
        SluiceServer server = SluiceServer.create(
                        ServerOptions.builder().tcp("127.0.0.1", 0).build())
                .channels(there)
                .service(
                        "numbers",
                        request -> Flux.just(Source.of(
                                "to a million", Flux.range(1, 1_000_000).map(n -> Frame.text("" + n)))));
        server.start().block();

        Channels here = Channels.open("rsocket://127.0.0.1:" + server.port());
        here.channel("orders").send(Frame.text("tea")).block(); // accepted there

        SluiceClient client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
        Flux<Frame> three = client.post("numbers", Frame.EMPTY)
                .concatMap(RemoteSource::frames)
                .take(3); // three are made

        assertThat(three.map(Frame::asText).collectList().block()).containsExactly("1", "2", "3");
        assertThat(there.channel("orders").receive().blockFirst().asText()).isEqualTo("tea");
        client.close().then(here.close()).then(server.close()).block();
    }

    @Test
    void pipes() {
        Directory directory = Directory.open("memory:plant"); // over machines: etcd://10.0.0.1:2379
        Pipes pipes = Pipes.create(directory);
        Destination orders = pipes.destination("orders");
        orders.register().block();

        pipes.group("orders", "billing").join().subscribe(delivery -> {
            log.add("bill " + delivery.value().asText());
            delivery.ack();
        });
        orders.send(Frame.text("tea")).block(); // waits for room in the slowest group

        await().untilAsserted(() -> assertThat(log).containsExactly("bill tea"));
        pipes.close().then(directory.close()).block();
    }
}
