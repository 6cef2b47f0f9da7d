package dev.sluice.hub.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The commands of the hub, by name, in the order in which they are listed. They are made when they are needed: that takes time. */
final class HubCommands {

    private static final Map<String, Supplier<Object>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("serve", ServeCommand::new);
        ALL.put("create", CreateCommand::new);
        ALL.put("send", SendCommand::new);
        ALL.put("receive", ReceiveCommand::new);
        ALL.put("post", PostCommand::new);
        ALL.put("nodes", NodesCommand::new);
        ALL.put("offer", OfferCommand::new);
        ALL.put("ls", LsCommand::new);
        ALL.put("stats", StatsCommand::new);
        ALL.put("top", TopCommand::new);
        ALL.put("rm", RmCommand::new);
        ALL.put("resize", ResizeCommand::new);
        ALL.put("broadcast", BroadcastCommand::new);
        ALL.put("services", ServicesCommand::new);
        ALL.put("swap", SwapCommand::new);
        ALL.put("divert", DivertCommand::new);
        ALL.put("restore", RestoreCommand::new);
        ALL.put("lock", LockCommand::new);
        ALL.put("check", CheckCommand::new);
        ALL.put("bench", BenchCommand::new);
        ALL.put("mount", MountCommand::new);
        ALL.put("context", ContextCommand::new);
        ALL.put("config", ConfigCommand::new);
        ALL.put("passwd", PasswdCommand::new);
        ALL.put("explain", ExplainCommand::new);
        ALL.put("completion", CompletionCommand::new);
        ALL.put("self-train", SelfTrainCommand::new);
    }

    private HubCommands() {}

    /** All of them. */
    static Map<String, Supplier<Object>> all() {
        return ALL;
    }
}
