package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

class CommandCallsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final List<CommandCalls> made = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        for (CommandCalls calls : made) {
            calls.close(Duration.ZERO);
        }
    }

    private CommandCalls calls(int places, String script) {
        CommandCalls calls =
                new CommandCalls(List.of("sh", "-c", script), "header", Map.of(), places, Duration.ofSeconds(1));
        made.add(calls);
        return calls;
    }

    private record Asked(Frame body, Map<String, String> tags) implements Request {
        @Override
        public String service() {
            return "service";
        }

        @Override
        public Flux<RemoteSource> uplink() {
            return Flux.empty();
        }

        @Override
        public Peer peer() {
            throw new UnsupportedOperationException();
        }
    }

    private static Flux<String> call(CommandCalls calls, String body, Map<String, String> tags) {
        return Mono.from(calls.answer(new Asked(Frame.text(body), tags)))
                .flatMapMany(Source::frames)
                .map(Frame::asText);
    }

    @Test
    void call_tellsTheCommandBodyAndTags_andGivesItsLines() {
        CommandCalls calls = calls(1, "cat; echo; echo $SLUICE_TAG_MY_CITY; printf last");

        assertThat(call(calls, "one\ntwo", Map.of("my.city", "Ulm"))
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("one", "two", "Ulm", "last");
    }

    @Test
    void call_whoseCommandFails_failsBehindItsLines() {
        StepVerifier.create(call(calls(1, "echo part; exit 3"), "", Map.of()))
                .expectNext("part")
                .expectErrorMessage("sh ended with 3")
                .verify(PATIENCE);
    }

    @Test
    void call_withTagThatNoVariableHolds_isRefused() {
        assertThatThrownBy(() -> call(calls(1, "true"), "", Map.of("x", "a\0b")).blockLast(PATIENCE))
                .hasMessageContaining("NUL");
    }

    @Test
    void call_notAskedForMore_stopsTheCommand() {
        CommandCalls calls = calls(2, "seq 20000");
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        BaseSubscriber<String> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(2);
            }

            @Override
            protected void hookOnNext(String line) {
                seen.add(line);
            }
        };
        call(calls, "", Map.of()).subscribe(slow);
        await().atMost(PATIENCE).until(() -> seen.size() >= 2);

        // Another one comes to its end meanwhile.
        assertThat(call(calls, "", Map.of()).count().block(PATIENCE)).isEqualTo(20_000);

        assertThat(seen).containsExactly("1", "2");
        slow.request(1);
        await().atMost(PATIENCE).until(() -> seen.size() == 3);
        slow.cancel();
    }

    @Test
    void call_cancelled_endsTheCommand_whichFreesItsPlace() {
        Path pid = folder.resolve("pid");
        CommandCalls calls = calls(1, "read -r line; [ -n \"$line\" ] || exit 0; echo $$ > \"$line\"; exec sleep 100");
        Disposable endless = call(calls, pid + "\n", Map.of()).subscribe();
        await().atMost(PATIENCE).until(() -> Files.exists(pid) && Files.size(pid) > 0);
        Mono<List<String>> second = call(calls, "\n", Map.of()).collectList();

        endless.dispose();

        assertThat(second.block(PATIENCE)).isEmpty();
    }

    @Test
    void call_beyondThoseThatMayWait_isRefused() throws Exception {
        CommandCalls calls = calls(1, "exec sleep 100");
        List<Disposable> waiting = new ArrayList<>();
        for (int i = 0; i < 1_001; i++) {
            waiting.add(call(calls, "", Map.of()).subscribe(line -> {}, ended -> {}));
        }

        assertThatThrownBy(() -> call(calls, "", Map.of()).blockLast(PATIENCE))
                .hasMessageContaining("1000 calls wait for one of 1 places")
                .satisfies(refused -> assertThat(Failures.code(refused)).isEqualTo(Code.LIMIT));

        // One that gives up makes room.
        waiting.get(500).dispose();
        List<Throwable> refused = new ArrayList<>();
        waiting.add(call(calls, "", Map.of()).subscribe(line -> {}, refused::add));
        assertThat(refused).isEmpty();
    }

    @Test
    void end_beforeTheProgramBegan_keepsItFromBeginning() {
        Path trace = folder.resolve("trace");
        CommandCalls calls = calls(1, "");
        TestSubscriber<Frame> told = TestSubscriber.create();
        CommandRun run = new CommandRun(calls, new ProcessBuilder("touch", trace.toString()), Frame.EMPTY, told);
        told.onSubscribe(run);

        run.end();
        run.run();

        assertThat(told.expectTerminalError()).hasMessageContaining("leaving");
        assertThat(trace).doesNotExist();
    }

    @Test
    void end_refusesThoseThatWait_andThoseThatCome() {
        CommandCalls calls = calls(1, "exec sleep 100");
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 3; i++) {
            call(calls, "", Map.of()).subscribe(line -> {}, failures::add);
        }

        calls.end();
        call(calls, "", Map.of()).subscribe(line -> {}, failures::add);

        await().atMost(PATIENCE).until(() -> failures.size() == 4);
        assertThat(failures)
                .extracting(Throwable::getMessage)
                .filteredOn(said -> said.contains("leaving"))
                .hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void close_refusesThoseThatWait_andEndsThoseThatRun() throws Exception {
        CommandCalls calls = calls(1, "exec sleep 100");
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        call(calls, "", Map.of()).subscribe(line -> {}, failures::add);
        call(calls, "", Map.of()).subscribe(line -> {}, failures::add);

        calls.close(Duration.ofMillis(200));

        await().atMost(PATIENCE).until(() -> failures.size() == 2);
        assertThat(failures).extracting(Throwable::getMessage).anyMatch(said -> said.contains("leaving"));
    }
}
