package dev.sluice.perf.network;

import dev.sluice.perf.network.NetworkPeer.Server;
import dev.sluice.perf.network.NetworkShape.Turn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One end of a peer: the entry point of its process.
 *
 * <p>Prints {@code ready} and, as a server, its port. Then answers questions, line by line: {@code usage}, and, as a client, a
 * {@link Turn}. It halts when its standard input ends, whatever it is doing: an end does not outlive who started it.
 */
public final class End {
    static final String READY = "ready ";
    static final String USAGE = "usage";

    private final PrintStream answers;
    private final BlockingQueue<String> questions = new LinkedBlockingQueue<>();

    private End(PrintStream answers) {
        this.answers = answers;
    }

    /**
     * Runs an end.
     *
     * @param args the peer's name; for a client also the server's port and how many milliseconds a turn may take
     * @throws Exception when the peer fails
     */
    public static void main(String... args) throws Exception {
        // Standard output belongs to the protocol.
        End end = new End(System.out);
        System.setOut(System.err);
        Thread reader = new Thread(end::readQuestions, "questions");
        reader.setDaemon(true);
        reader.start();
        try {
            NetworkPeer peer = Peers.named(args[0]);
            if (args.length == 1) {
                end.serve(peer);
            } else {
                InetSocketAddress server =
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
                end.ask(peer, server, Duration.ofMillis(Long.parseLong(args[2])));
            }
        } catch (Throwable e) {
            // Threads of an event loop would keep the process alive, and whoever waits for an answer waiting.
            e.printStackTrace();
            System.err.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    private void readQuestions() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                questions.add(line);
            }
        } catch (IOException e) {
            System.err.println("No more questions: " + e);
        } finally {
            // Whatever was thrown, memory that is used up included.
            Runtime.getRuntime().halt(0);
        }
    }

    private void serve(NetworkPeer peer) throws Exception {
        try (Server server = peer.serve()) {
            answers.println(READY + server.port());
            while (true) {
                questions.take();
                answers.println(Usage.now().words());
            }
        }
    }

    private void ask(NetworkPeer peer, InetSocketAddress server, Duration limit) throws Exception {
        try (ClientTurns turns = new ClientTurns(peer, server, limit)) {
            answers.println(READY);
            while (true) {
                String question = questions.take();
                if (question.equals(USAGE)) {
                    answers.println(Usage.now().words());
                } else {
                    answers.println(turns.run(Turn.parse(question)).line());
                }
            }
        }
    }
}
