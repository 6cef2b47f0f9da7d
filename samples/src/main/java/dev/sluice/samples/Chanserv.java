package dev.sluice.samples;

import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.Source;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * A call over a socket that is answered by sources, each with frames of its own, in the four phases of chanserv: a server, its sources, a client,
 * and the consuming. What chanserv could not: a producer makes exactly what its consumer asks for, a source that is ignored holds nobody up and its
 * producer is never asked, and an error arrives as an error, at the consumer of that source alone.
 */
final class Chanserv {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PrintWriter out;

    /** How many frames each producer made. */
    private final Map<String, AtomicInteger> made = new ConcurrentHashMap<>();

    private Chanserv(PrintWriter out) {
        this.out = out;
    }

    static void run(PrintWriter out) {
        new Chanserv(out).run();
    }

    private void run() {
        SluiceServer server = SluiceServer.create(
                        ServerOptions.builder().tcp("127.0.0.1", 0).build())
                .service("sources", this::answer);
        server.start().block(PATIENCE);
        out.println("server: listens on 127.0.0.1:" + server.port() + ", answers calls to \"sources\"");
        SluiceClient client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
        try {
            call(client);
        } finally {
            client.close().then(server.close()).block(PATIENCE);
        }
        out.println("server: closed");
    }

    /** What the server answers. Not on the event loop, which must not wait for whoever reads what is printed. */
    private Flux<Source> answer(Request request) {
        Flux<String> sensor =
                Flux.just("21 C").concatWith(Flux.error(() -> new IllegalStateException("the sensor fell off")));
        return Flux.just(
                        source("greeting", Flux.just("hello", "dear", "client")),
                        source("numbers", Flux.range(1, 1_000_000).map(String::valueOf)),
                        source("video", Flux.just("a picture").repeat()),
                        source("sensor", sensor))
                .doOnNext(source ->
                        out.println("source: announces " + source.header().asText()))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private Source source(String header, Flux<String> frames) {
        AtomicInteger count = new AtomicInteger();
        made.put(header, count);
        return Source.of(
                header, frames.doOnNext(frame -> count.incrementAndGet()).map(Frame::text));
    }

    private void call(SluiceClient client) {
        List<RemoteSource> sources = client.post("sources", Frame.text("what is new"))
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
        out.println("client: asked \"what is new\", was announced " + sources.size() + " sources");

        consume(sources.get(0), 3);
        out.println("consuming: greeting is done, its producer made " + made.get("greeting"));
        consume(sources.get(1), 3);
        out.println("consuming: numbers is done, its producer made " + made.get("numbers") + " of a million");
        sources.get(2).discard();
        out.println("consuming: video is ignored, its producer made " + made.get("video"));
        consume(sources.get(3), 3);
    }

    /** Reads some frames, and no more are made. */
    private void consume(RemoteSource source, int frames) {
        String header = source.header().asText();
        try {
            source.frames()
                    .take(frames)
                    .publishOn(Schedulers.boundedElastic())
                    .doOnNext(frame -> out.println("consuming: " + header + " says " + frame.asText()))
                    .blockLast(PATIENCE);
        } catch (RemoteException failure) {
            out.println("consuming: " + header + " fails: " + failure.getMessage());
        }
    }
}
