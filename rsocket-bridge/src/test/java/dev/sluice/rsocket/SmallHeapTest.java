package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/**
 * A thousand slow consumers of frames of 1 MiB: 1 GiB of frames is asked for at any moment, and either end has a heap of 128 MiB, and as
 * much again beside it. Each end is a process of its own that dies of an error as soon as it runs out of memory.
 */
class SmallHeapTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int SOURCES = 1_000;
    private static final int FRAMES = 2;
    private static final int SIZE = 1 << 20;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private BufferedReader run(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        processes.add(process);
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The line that tells what is asked for; what comes before it is the log's. */
    private static @Nullable String told(BufferedReader output, String key) throws IOException {
        String line = output.readLine();
        while (line != null && !line.startsWith(key)) {
            line = output.readLine();
        }
        return line == null ? null : line.substring(key.length());
    }

    @Test
    void aThousandSlowConsumers_ofLongFrames_fitSmallHeaps() throws Exception {
        String port = told(run(Producer.class), "port ");
        assertThat(port).as("the producer is up").isNotNull();
        String received = told(run(Consumer.class, port), "received ");

        assertThat(received).isEqualTo("" + SOURCES * FRAMES);
        Process producer = processes.get(0);
        Process consumer = processes.get(1);
        assertThat(consumer.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(consumer.exitValue()).isZero();
        producer.getOutputStream().close();
        assertThat(producer.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(producer.exitValue()).isZero();
    }

    /** Serves the sources until its input ends. */
    static final class Producer {

        private Producer() {}

        /** No arguments. */
        public static void main(String[] arguments) throws IOException {
            SluiceServer server = SluiceServer.create(
                    ServerOptions.builder().tcp("127.0.0.1", 0).build());
            server.service(
                    "long",
                    request -> Flux.range(0, SOURCES)
                            .map(source ->
                                    Source.of("" + source, Flux.range(0, FRAMES).map(index -> frame(source, index)))));
            server.start().block(LONG);
            System.out.println("port " + server.port());
            while (System.in.read() >= 0) {
                // Whoever started it says nothing, and goes.
            }
            server.close().block(LONG);
        }

        private static Frame frame(int source, int index) {
            return Frame.wrap(ByteBuffer.allocate(SIZE)
                    .putInt(source)
                    .putInt(SIZE - Integer.BYTES, index)
                    .array());
        }
    }

    /** Reads all sources, each slower than it could be sent, and says how many frames have come. */
    static final class Consumer {

        private Consumer() {}

        /** The port of the producer. */
        public static void main(String[] arguments) {
            SluiceClient client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", Integer.parseInt(arguments[0]))
                    .build());
            List<RemoteSource> sources = Objects.requireNonNull(
                    client.post("long", Frame.EMPTY).collectList().block(LONG));
            List<TestSubscriber<Integer>> readers = new ArrayList<>();
            for (RemoteSource source : sources) {
                TestSubscriber<Integer> reader =
                        TestSubscriber.builder().initialRequest(0).build();
                source.frames()
                        .map(frame -> index(source.header().asText(), frame))
                        .subscribe(reader);
                readers.add(reader);
            }
            // The second half asks for nothing as long as the first is read.
            int received = read(readers.subList(0, SOURCES / 2)) + read(readers.subList(SOURCES / 2, SOURCES));
            System.out.println("received " + received);
            client.close().block(LONG);
        }

        /** Asks each for a frame, in turn, before any has got the one it asked for. */
        private static int read(List<TestSubscriber<Integer>> readers) {
            for (int round = 0; round < FRAMES; round++) {
                readers.forEach(reader -> reader.request(1));
            }
            int received = 0;
            for (TestSubscriber<Integer> reader : readers) {
                reader.block(LONG);
                received += inOrder(reader.getReceivedOnNext());
            }
            return received;
        }

        private static int index(String source, Frame frame) {
            ByteBuffer bytes = frame.asByteBuffer();
            if (bytes.limit() != SIZE || bytes.getInt() != Integer.parseInt(source)) {
                throw new IllegalStateException("a frame of another source than " + source);
            }
            return bytes.getInt(SIZE - Integer.BYTES);
        }

        private static int inOrder(List<Integer> indexes) {
            for (int i = 0; i < indexes.size(); i++) {
                if (indexes.get(i) != i) {
                    throw new IllegalStateException("out of order: " + indexes);
                }
            }
            return indexes.size();
        }
    }
}
