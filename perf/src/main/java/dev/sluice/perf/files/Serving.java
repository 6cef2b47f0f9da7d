package dev.sluice.perf.files;

import dev.sluice.perf.measure.Child;
import dev.sluice.perf.measure.JavaCommand;
import dev.sluice.perf.measure.Rounds.Participant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A server, and the client that drives it: a process each. */
final class Serving implements Participant {
    static final String SLUICE = "sluice";
    static final String DIOD = "diod";

    private final boolean isSluice;
    private final Child server;
    private final Child client;
    private long written;

    private Serving(boolean isSluice, Child server, Child client) {
        this.isSluice = isSluice;
        this.server = server;
        this.client = client;
    }

    /**
     * Starts both.
     *
     * @param name {@link #SLUICE} or {@link #DIOD}
     * @param entries how many files are to be in the folder {@code many}
     * @param tools the programs
     * @param limit how long an answer may take
     * @param logs where the processes say what they say, in files whose names begin so
     */
    static Serving start(String name, int entries, Tools tools, Duration limit, Path logs) throws IOException {
        boolean isSluice = name.equals(SLUICE);
        List<String> command = isSluice ? sluice(entries) : tools.host(entries);
        Child server = new Child(name + "'s server", command, log(logs, name + ".server"), limit);
        try {
            String[] place = server.awaitReady().split(" ", -1);
            List<String> driving = tools.client(place[0], place.length > 1 ? place[1] : "");
            Child client = new Child(name + "'s client", driving, log(logs, name + ".client"), limit);
            Serving serving = new Serving(isSluice, server, client);
            client.awaitReady();
            return serving;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private static Path log(Path logs, String end) {
        return logs.resolveSibling(logs.getFileName() + "." + end + ".log");
    }

    /** The virtual machine that a hub gets. */
    private static List<String> sluice(int entries) {
        List<String> command = new ArrayList<>(JavaCommand.with(
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.netty.jfr.enabled=false",
                "-Xmx1g",
                "-XX:+ExitOnOutOfMemoryError"));
        command.add(FilesServer.class.getName());
        command.add(Integer.toString(entries));
        return command;
    }

    /** Has the client do something. */
    Answer client(Object... words) throws IOException {
        return Answer.parse(client.ask(Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" "))));
    }

    /** What the server has used so far. */
    Usage usage() throws IOException {
        return Usage.parse(server.ask(FilesServer.USAGE));
    }

    /** The same, once the server's garbage is collected. */
    Usage memory() throws IOException {
        return Usage.parse(server.ask(FilesServer.MEMORY));
    }

    /** Waits until whoever receives has got everything that was written, so much more of it now; fails when he does not. */
    void awaitWritten(long more) throws IOException {
        written += more;
        if (isSluice) {
            String received = server.ask(FilesServer.RECEIVED + " " + written);
            if (!received.equals(Long.toString(written))) {
                throw new IOException(received + " frames were received of " + written);
            }
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
