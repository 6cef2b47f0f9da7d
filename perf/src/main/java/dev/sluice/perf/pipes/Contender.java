package dev.sluice.perf.pipes;

import dev.sluice.perf.measure.Child;
import dev.sluice.perf.measure.JavaCommand;
import dev.sluice.perf.measure.Rounds.Participant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who sends, and all members: a process each; with NATS its server too. */
final class Contender implements Participant {
    static final String SLUICE = "sluice";
    static final String NATS = "nats";

    private final PipesShape shape;
    private final @Nullable NatsServer server;
    private final Child sender;
    private final Child members;

    private Contender(PipesShape shape, @Nullable NatsServer server, Child sender, Child members) {
        this.shape = shape;
        this.server = server;
        this.sender = sender;
        this.members = members;
    }

    /**
     * Starts them.
     *
     * @param name {@link #SLUICE} or {@link #NATS}
     * @param natsServer the program
     * @param limit how long an answer may take
     * @param logs where the processes say what they say, in files whose names begin so
     */
    static Contender start(String name, PipesShape shape, @Nullable Path natsServer, Duration limit, Path logs)
            throws IOException {
        Path log = logs.resolveSibling(logs.getFileName() + "." + name);
        List<AutoCloseable> started = new ArrayList<>();
        try {
            NatsServer server = null;
            if (natsServer != null && name.equals(NATS)) {
                server = NatsServer.start(natsServer, limit, log(log, "server"));
                started.add(server);
            }
            String url = server == null ? "-" : server.url();
            Child sender = java(name + "'s sender", Sender.class, name, url, shape, limit, log(log, "sender"));
            started.add(sender);
            String place = sender.awaitReady();
            Child members = java(
                    name + "'s members",
                    Members.class,
                    name,
                    server == null ? place : url,
                    shape,
                    limit,
                    log(log, "members"));
            started.add(members);
            members.awaitReady();
            sender.ask(Sender.MEMBERS);
            return new Contender(shape, server, sender, members);
        } catch (IOException e) {
            close(started);
            throw e;
        }
    }

    private static Child java(
            String name, Class<?> main, String contender, String place, PipesShape shape, Duration limit, Path log)
            throws IOException {
        List<String> command = new ArrayList<>(JavaCommand.with(
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.netty.jfr.enabled=false",
                "-Xmx1g",
                "-XX:+ExitOnOutOfMemoryError"));
        command.add(main.getName());
        command.add(contender);
        command.add(place);
        command.add(Integer.toString(shape.groups()));
        command.add(Integer.toString(shape.members()));
        command.add(Integer.toString(shape.bytes()));
        return new Child(name, command, log, limit);
    }

    private static Path log(Path logs, String end) {
        return logs.resolveSibling(logs.getFileName() + "." + end + ".log");
    }

    /** Sends for so long, and waits until every group has got all of it. */
    Sample take(Duration time) throws IOException {
        Duration before = cpu();
        long began = System.nanoTime();
        long sent = Long.parseLong(sender.ask(Sender.SEND + " " + time.toMillis()));
        String received = members.ask(Members.RECEIVED + " " + sent);
        long nanos = System.nanoTime() - began;
        Duration cpu = cpu().minus(before);
        List<Long> counts =
                Arrays.stream(received.split(" ", -1)).map(Long::valueOf).toList();
        return new Sample(shape, sent, counts, nanos, cpu.toNanos());
    }

    /** What all processes have used of the processor. */
    Duration cpu() {
        Duration both = sender.cpu().plus(members.cpu());
        return server == null ? both : both.plus(server.cpu());
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>();
        if (server != null) {
            all.add(server);
        }
        all.add(sender);
        all.add(members);
        close(all);
    }

    /** The last one first. */
    private static void close(List<AutoCloseable> started) {
        for (int i = started.size() - 1; i >= 0; i--) {
            try {
                started.get(i).close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
