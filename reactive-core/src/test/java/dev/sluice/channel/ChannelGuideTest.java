package dev.sluice.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Codecs;
import dev.sluice.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Runs the snippets of docs/channels.md, and sees that the page has them word for word. */
class ChannelGuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "channels.md");
    private static final Path HERE = Path.of("src/test/java/dev/sluice/channel/ChannelGuideTest.java");
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: (\\w+) -->\\s*```java\\n(.*?)```", Pattern.DOTALL);

    private final List<String> log = new ArrayList<>();

    @TestFactory
    Stream<DynamicTest> everySnippetOfTheGuide_isRunHere() throws IOException {
        String guide = Files.readString(GUIDE);
        String source = flat(Files.readString(HERE));
        long blocks = guide.lines().filter(line -> line.startsWith("```java")).count();
        List<DynamicTest> tests = new ArrayList<>();
        Matcher snippet = SNIPPET.matcher(guide);
        while (snippet.find()) {
            String name = snippet.group(1);
            String code = flat(snippet.group(2));
            tests.add(DynamicTest.dynamicTest(
                    name, () -> assertThat(source).contains(flat("void " + name + "() {") + code)));
        }
        assertThat(tests).hasSize((int) blocks).isNotEmpty();
        return tests.stream();
    }

    /** Without the layout, which differs between a page and a method. */
    private static String flat(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void sendAndReceive() {
        Channel<String> orders = Channel.create(2);

        orders.receive().subscribe(order -> log.add("shipped " + order));
        orders.send("tea").then(orders.send("coffee")).block();

        assertThat(log).containsExactly("shipped tea", "shipped coffee");
    }

    @Test
    void trySend() {
        Channel<String> orders = Channel.create(1);

        orders.trySend("tea"); // ACCEPTED
        orders.trySend("coffee"); // FULL: nobody has taken the tea yet

        assertThat(orders.trySend("coffee")).isEqualTo(SendResult.FULL);
        assertThat(orders.stats().block().accepted()).isEqualTo(1);
    }

    @Test
    void sendAll() {
        Channel<Integer> numbers = Channel.create(8);

        Mono<Long> sent = numbers.sendAll(Flux.range(1, 1_000_000)); // asks for 8, then for what is taken
        Flux<Integer> firstThree = numbers.receive().take(3);

        Disposable sending = sent.subscribe();
        assertThat(firstThree.collectList().block()).containsExactly(1, 2, 3);
        assertThat(numbers.stats().block().accepted()).isEqualTo(11);
        sending.dispose();
    }

    @Test
    void groups() {
        Channel<String> orders = Channel.create();

        orders.receive("billing").subscribe(order -> log.add("bill " + order));
        orders.receive("shipping").subscribe(order -> log.add("ship " + order)); // these two
        orders.receive("shipping").subscribe(order -> log.add("ship " + order)); // share the work
        orders.send("tea").block();

        assertThat(log).containsExactlyInAnyOrder("bill tea", "ship tea");
    }

    @Test
    void listen() {
        Channel<String> news = Channel.create(ChannelOptions.builder()
                .retention(Retention.last(2))
                .whenNoGroup(WhenNoGroup.DISCARD)
                .build());
        Flux.just("one", "two", "three").as(news::sendAll).block();

        news.listen(Position.earliest()).subscribe(log::add); // what is retained, then live
        news.send("four").block();

        assertThat(log).containsExactly("two", "three", "four");
    }

    @Test
    void acked() {
        Channel<String> orders = Channel.create();
        orders.send("tea").block();

        orders.receiveAcked("shipping").blockFirst(); // takes it, and leaves without a word
        Delivery<String> again = orders.receiveAcked("shipping").blockFirst();
        // again.redelivered() is true

        assertThat(again.redelivered()).isTrue();
        assertThat(again.value()).isEqualTo("tea");
    }

    @Test
    void resizeAndClose() {
        Channel<Integer> numbers = Channel.create(1);
        numbers.send(1).block();
        Disposable waiting = numbers.send(2).subscribe();

        numbers.resize(2).block(); // lets the waiting send in; shrinking would evict nothing
        numbers.close();
        List<Integer> left = numbers.receive().collectList().block(); // 1, 2

        assertThat(waiting.isDisposed()).isTrue();
        assertThat(left).containsExactly(1, 2);
    }

    @Test
    void typed() {
        Channel<Frame> wire = Channel.create();
        Channel<String> text = wire.as(Codecs.text());

        text.send("tea").block();
        Frame frame = wire.receive().blockFirst(); // the UTF-8 of tea

        assertThat(frame).isEqualTo(Frame.text("tea"));
    }

    @Test
    void sink() {
        Channel<String> orders = Channel.create(1);
        Sinks.Many<String> sink = orders.asSink();

        sink.tryEmitNext("tea"); // OK
        sink.tryEmitNext("coffee"); // FAIL_OVERFLOW

        assertThat(sink.tryEmitNext("coffee")).isEqualTo(Sinks.EmitResult.FAIL_OVERFLOW);
    }

    @Test
    void registry() {
        Channels channels = Channels.inMemory();
        channels.channel("subscriber/1");
        channels.channel("subscriber/2");
        channels.channel("audit");

        BroadcastResult result =
                channels.broadcast("subscriber/*", Frame.text("news")).block();
        // 2 channels: 2 accepted
        Flux<String> names = channels.list("subscriber"); // subscriber/1, subscriber/2

        assertThat(result).hasToString("2 channels: 2 accepted");
        assertThat(names.collectList().block()).containsExactly("subscriber/1", "subscriber/2");
    }

    @Test
    void open() {
        Channels small = Channels.open("memory:?buffer_size=10&persistent=true");
        Channels same = Channels.open(Map.of("engine", "memory", "buffer_size", 10, "persistent", true));

        assertThat(small.channel("a").capacity()).isEqualTo(10);
        assertThat(same.channel("a").capacity()).isEqualTo(10);
    }
}
