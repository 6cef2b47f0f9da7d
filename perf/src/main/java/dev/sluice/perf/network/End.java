package dev.sluice.perf.network;

import dev.sluice.perf.measure.Questions;
import dev.sluice.perf.network.NetworkPeer.Server;
import dev.sluice.perf.network.NetworkShape.Turn;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One end of a peer: the entry point of its process.
 *
 * <p>Says that it is ready and, as a server, its port. Then answers {@code usage} and, as a client, a {@link Turn}.
 */
public final class End {
    static final String USAGE = "usage";

    private End() {}

    /**
     * Runs an end.
     *
     * @param args the peer's name; for a client also the server's port and how many milliseconds a turn may take
     */
    public static void main(String... args) {
        Questions.answer(questions -> {
            NetworkPeer peer = Peers.named(args[0]);
            if (args.length == 1) {
                serve(peer, questions);
            } else {
                InetSocketAddress server =
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
                ask(peer, server, Duration.ofMillis(Long.parseLong(args[2])), questions);
            }
        });
    }

    private static void serve(NetworkPeer peer, Questions questions) throws Exception {
        try (Server server = peer.serve()) {
            questions.ready(Integer.toString(server.port()));
            while (true) {
                questions.next();
                questions.answer(Usage.now().words());
            }
        }
    }

    private static void ask(NetworkPeer peer, InetSocketAddress server, Duration limit, Questions questions)
            throws Exception {
        try (ClientTurns turns = new ClientTurns(peer, server, limit)) {
            questions.ready("");
            while (true) {
                String question = questions.next();
                if (question.equals(USAGE)) {
                    questions.answer(Usage.now().words());
                } else {
                    questions.answer(turns.run(Turn.parse(question)).line());
                }
            }
        }
    }
}
