package dev.sluice.hub.cli;

import dev.sluice.hub.Hub;
import dev.sluice.hub.HubOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code sluice self-train}: does what most commands do, against a hub of its own on a free port, so that the launcher can archive the classes that
 * takes. Not for people.
 */
@Command(name = "self-train", hidden = true, description = "Loads what most commands need, for the launcher's archive.")
final class SelfTrainCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final List<String> COMMANDS = List.of(
            "send orders tea",
            "ls",
            "stats --json",
            "stats",
            "receive orders --count 1",
            "send orders tea --as till",
            "services",
            "receive orders --count 1 --ack --json",
            "post echo hello",
            "create news --retain last=2",
            "rm news",
            "divert till hold",
            "restore till",
            "config");

    @Override
    public Integer call() {
        Hub hub = Hub.create(HubOptions.builder()
                .tcp("127.0.0.1", 0)
                .webSocket("127.0.0.1", 0)
                .build());
        hub.start().block(PATIENCE);
        try {
            String url = hub.endpoints().get(0).toString();
            int worst = 0;
            for (String command : COMMANDS) {
                String words = command.equals("config") ? command : command + " --hub " + url;
                worst = Math.max(worst, Main.commandLineFor(words.split(" ")).execute(words.split(" ")));
            }
            return worst;
        } finally {
            hub.close().block(PATIENCE);
        }
    }
}
