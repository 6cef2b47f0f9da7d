package dev.sluice.hub.cli;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice create}: a channel with options of its own. */
@Command(
        name = "create",
        sortOptions = false,
        description = {
            "Creates a channel.",
            "",
            "A channel also comes into being when it is first sent to or received from, with a capacity of "
                    + ChannelOptions.DEFAULT_CAPACITY
                    + " and without retention. One that is created here does not expire"
                    + " when it is idle.",
            ""
        },
        footer = {"", "Example:", "  sluice create news --capacity 1000 --retain last=100 --group archive"})
final class CreateCommand extends HubCommand {

    @Parameters(paramLabel = "NAME", description = "A path such as plant/7/valve.")
    private String name;

    @Option(
            names = "--capacity",
            paramLabel = "N",
            description = "Frames that may wait; 0: a send waits for its receiver. Default: "
                    + ChannelOptions.DEFAULT_CAPACITY)
    private int capacity = ChannelOptions.DEFAULT_CAPACITY;

    @Option(
            names = "--retain",
            paramLabel = "WHAT",
            converter = Converters.Retain.class,
            description = "What is kept for those who come later: none, all, last=N, bytes=SIZE or for=TIME."
                    + " Default: none")
    private Retention retention = Retention.none();

    @Option(
            names = "--when-no-group",
            paramLabel = "hold|discard",
            description =
                    "What becomes of frames while nobody has ever received: they wait, or are dropped. Default: hold")
    private WhenNoGroup whenNoGroup = WhenNoGroup.HOLD;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "A group that is there from the start, and misses no frame. May be repeated.")
    private List<String> groups = List.of();

    @Override
    int run() {
        if (capacity < 0 || capacity > ChannelOptions.MAX_CAPACITY) {
            throw usage("--capacity must be 0 to " + ChannelOptions.MAX_CAPACITY + ", was " + capacity);
        }
        ChannelOptions options = ChannelOptions.builder()
                .capacity(capacity)
                .retention(retention)
                .whenNoGroup(whenNoGroup)
                .build();
        var channel = hub().channels().create(name, options).block();
        for (String group : groups) {
            await(Objects.requireNonNull(channel).createGroup(group, GroupOptions.defaults()));
        }
        Map<String, Object> created = new LinkedHashMap<>();
        created.put("name", name);
        created.put("capacity", capacity);
        created.put("groups", groups);
        say(created, "created " + name);
        return done();
    }
}
