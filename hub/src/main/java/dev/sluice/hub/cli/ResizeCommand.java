package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** {@code sluice resize}: another capacity for a channel in use. */
@Command(
        name = "resize",
        sortOptions = false,
        description = {
            "Changes the capacity of a channel while it is in use.",
            "",
            "Growing lets sends in that wait, in order. Shrinking takes nothing away: the channel takes frames again once"
                    + " it holds fewer.",
            ""
        })
final class ResizeCommand extends HubCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "The channel.")
    private String name;

    @Parameters(index = "1", paramLabel = "N", description = "Frames that may wait; 0: a send waits for its receiver.")
    private int capacity;

    @Override
    int run() {
        if (capacity < 0 || capacity > ChannelOptions.MAX_CAPACITY) {
            throw usage("the capacity must be 0 to " + ChannelOptions.MAX_CAPACITY + ", was " + capacity);
        }
        Mono<Channel<Frame>> found = hub().channels()
                .find(name)
                .switchIfEmpty(Mono.error(() -> new CommandFailure(
                        ErrorCode.CHANNEL_NOT_FOUND, "there is no channel \"" + name + "\": create it first")));
        await(found.flatMap(channel -> channel.resize(capacity)));
        say(Map.of("name", name, "capacity", capacity), "resized " + name + " to " + capacity);
        return done();
    }
}
