package dev.sluice.rsocket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Calls are observed where they are made and where they are served, and a trace goes along. */
class ObservingTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String KEY = ObservationThreadLocalAccessor.KEY;

    private final List<SluiceServer> servers = new ArrayList<>();
    private final List<SluiceClient> clients = new ArrayList<>();
    private final Queue<MutableSpan> spans = new ConcurrentLinkedQueue<>();

    private SluiceServer serve(ObservationRegistry registry) {
        SluiceServer server = SluiceServer.create(ServerOptions.builder()
                .tcp("127.0.0.1", 0)
                .watcher(metrics(registry))
                .build());
        servers.add(server);
        return Objects.requireNonNull(server.start().block(LONG));
    }

    private SluiceClient connect(SluiceServer server, ObservationRegistry registry) {
        SluiceClient client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", server.port())
                .watcher(metrics(registry))
                .build());
        clients.add(client);
        return client;
    }

    private static SluiceMetrics metrics(ObservationRegistry registry) {
        return SluiceMetrics.builder(new SimpleMeterRegistry())
                .observations(registry)
                .build();
    }

    /** As an application has it that traces with Brave and speaks W3C. */
    private ObservationRegistry traced() {
        Tracing tracing = Tracing.newBuilder()
                .propagationFactory(new W3CPropagation())
                .addSpanHandler(new SpanHandler() {
                    @Override
                    public boolean end(@Nullable TraceContext context, MutableSpan span, Cause cause) {
                        spans.add(span);
                        return true;
                    }
                })
                .build();
        BraveTracer tracer =
                new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(tracing.currentTraceContext()));
        BravePropagator propagator = new BravePropagator(tracing);
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig()
                .observationHandler(new PropagatingSenderTracingObservationHandler<>(tracer, propagator))
                .observationHandler(new PropagatingReceiverTracingObservationHandler<>(tracer, propagator));
        return registry;
    }

    private static List<String> texts(Flux<RemoteSource> answer) {
        return Objects.requireNonNull(answer.flatMap(RemoteSource::frames)
                .map(Frame::asText)
                .collectList()
                .block(LONG));
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.close().block(LONG));
        servers.forEach(server -> server.close().block(LONG));
    }

    @Test
    void key_isTheOneReactorAndMicrometerAgreeOn() {
        assertThat(Observing.KEY).isEqualTo(KEY);
    }

    @Test
    void call_isObservedOnBothSides() {
        TestObservationRegistry here = TestObservationRegistry.create();
        TestObservationRegistry there = TestObservationRegistry.create();
        SluiceServer server = serve(there);
        server.service("tea", request -> Flux.just(Source.of("cup", Flux.just(Frame.text("green")))));

        assertThat(texts(connect(server, here).post("tea", Frame.EMPTY))).containsExactly("green");

        assertThat(here)
                .hasSingleObservationThat()
                .hasNameEqualTo("sluice.call")
                .hasContextualNameEqualTo("call tea")
                .hasLowCardinalityKeyValue("service", "tea")
                .hasLowCardinalityKeyValue("outcome", "completed")
                .hasBeenStarted()
                .hasBeenStopped();
        assertThat(there)
                .hasSingleObservationThat()
                .hasNameEqualTo("sluice.serve")
                .hasContextualNameEqualTo("serve tea")
                .hasLowCardinalityKeyValue("outcome", "completed")
                .hasBeenStopped();
    }

    @Test
    void callThatFails_isObservedWithItsError() {
        TestObservationRegistry here = TestObservationRegistry.create();
        TestObservationRegistry there = TestObservationRegistry.create();
        SluiceServer server = serve(there);
        server.service("tea", request -> {
            throw new IllegalStateException("no water");
        });

        StepVerifier.create(connect(server, here).post("tea", Frame.EMPTY))
                .expectErrorMessage("no water")
                .verify(LONG);

        assertThat(here)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("outcome", "failed")
                .hasError()
                .hasBeenStopped();
        assertThat(there).hasSingleObservationThat().hasError().hasBeenStopped();
    }

    @Test
    void service_findsTheObservation_inTheContextOfItsSourcesAndFrames() {
        TestObservationRegistry there = TestObservationRegistry.create();
        AtomicReference<@Nullable Observation> called = new AtomicReference<>();
        List<Object> seen = new ArrayList<>();
        SluiceServer server = serve(there);
        server.service("tea", request -> {
            called.set(there.getCurrentObservation());
            return Flux.deferContextual(sources -> {
                seen.add(sources.get(KEY));
                return Flux.just(Source.of("cup", Flux.deferContextual(frames -> {
                    seen.add(frames.get(KEY));
                    return Flux.just(Frame.text("green"));
                })));
            });
        });

        texts(connect(server, ObservationRegistry.NOOP).post("tea", Frame.EMPTY));

        assertThat(seen).hasSize(2).allSatisfy(found -> assertThat(found).isSameAs(called.get()));
    }

    @Test
    void call_hasTheObservationOfItsCallersContextAsParent() {
        TestObservationRegistry here = TestObservationRegistry.create();
        SluiceServer server = serve(ObservationRegistry.NOOP);
        server.service("tea", request -> Flux.empty());
        Observation parent = Observation.start("breakfast", here);

        texts(connect(server, here).post("tea", Frame.EMPTY).contextWrite(context -> context.put(KEY, parent)));
        parent.stop();

        assertThat(here).hasObservationWithNameEqualTo("sluice.call").that().hasParentObservationEqualTo(parent);
    }

    @Test
    void trace_throughTwoHops_isOne() {
        ObservationRegistry registry = traced();
        SluiceServer last = serve(registry);
        Map<String, String> arrived = new HashMap<>();
        last.service("water", request -> {
            arrived.putAll(request.tags());
            return Flux.just(Source.of("well", Flux.just(Frame.text("cold"))));
        });
        SluiceServer first = serve(registry);
        SluiceClient between = connect(last, registry);
        first.service("tea", request -> between.post("water", request.body()));

        assertThat(texts(connect(first, registry).post("tea", Frame.EMPTY))).containsExactly("cold");
        clients.forEach(client -> client.close().block(LONG));

        assertThat(spans.stream().map(MutableSpan::name))
                .containsExactlyInAnyOrder("call tea", "serve tea", "call water", "serve water");
        assertThat(spans.stream().map(MutableSpan::traceId).collect(Collectors.toSet()))
                .hasSize(1);
        Map<String, MutableSpan> byName = spans.stream().collect(Collectors.toMap(MutableSpan::name, span -> span));
        assertThat(Objects.requireNonNull(byName.get("call water")).parentId())
                .isEqualTo(Objects.requireNonNull(byName.get("serve tea")).id());
        assertThat(arrived.get("traceparent"))
                .contains(Objects.requireNonNull(byName.get("call tea")).traceId());
    }

    @Test
    void call_withoutRoomForATrace_goesWithoutIt() {
        ObservationRegistry registry = traced();
        SluiceServer server = serve(ObservationRegistry.NOOP);
        server.service(
                "tea",
                request -> Flux.just(Source.of(
                        "tags", Flux.just(Frame.text("" + request.tags().size())))));
        Map<String, String> tags = new HashMap<>();
        for (int i = 0; i < 64; i++) {
            tags.put("tag" + i, "value");
        }

        assertThat(texts(connect(server, registry).call(Call.to("tea").tags(tags))))
                .containsExactly("64");
    }

    @Test
    void frames_ofANest_findTheObservationToo() {
        TestObservationRegistry there = TestObservationRegistry.create();
        SluiceServer server = serve(there);
        Flux<Frame> frames = Flux.deferContextual(context -> Flux.just(Frame.text("" + context.hasKey(KEY))));
        server.service("tea", request -> Flux.just(Nest.of(Frame.text("tray"), Flux.just(Source.of("cup", frames)))));

        assertThat(texts(connect(server, ObservationRegistry.NOOP)
                        .post("tea", Frame.EMPTY)
                        .flatMap(RemoteSource::sources)))
                .containsExactly("true");
    }
}
