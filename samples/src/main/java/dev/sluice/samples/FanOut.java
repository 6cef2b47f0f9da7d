package dev.sluice.samples;

import dev.sluice.Frame;
import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.BroadcastResult;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * One element to every channel under a prefix. Channels are independent: the full one holds up nobody, and the result
 * says of each channel what became of the element, so nothing is dropped in silence.
 */
final class FanOut {

    private static final Duration PATIENCE = Duration.ofMillis(100);

    private FanOut() {}

    static void run(PrintWriter out) {
        Channels channels =
                Channels.inMemory(ChannelOptions.builder().capacity(2).build());
        List.of("subscriber/ann", "subscriber/bob", "subscriber/cem", "elsewhere")
                .forEach(channels::channel);

        Channel<Frame> bob = channels.channel("subscriber/bob");
        bob.trySend(Frame.text("older news"));
        bob.trySend(Frame.text("old news"));

        report(out, "news to subscriber/*", broadcast(channels, "news", BroadcastOptions.NO_WAIT));

        out.println("bob reads: " + bob.receive().map(Frame::asText).blockFirst());
        report(out, "news again", broadcast(channels, "news", BroadcastOptions.NO_WAIT));

        channels.channel("subscriber/cem").close();
        report(
                out,
                "more news, waiting " + PATIENCE.toMillis() + " ms",
                broadcast(channels, "more news", BroadcastOptions.waitFor(PATIENCE)));
        channels.close().block();
    }

    private static BroadcastResult broadcast(Channels channels, String text, BroadcastOptions options) {
        BroadcastResult result =
                channels.broadcast("subscriber/*", Frame.text(text), options).block();
        if (result == null) {
            throw new IllegalStateException("a broadcast always has a result");
        }
        return result;
    }

    private static void report(PrintWriter out, String what, BroadcastResult result) {
        out.println(what + ": " + result);
        result.outcomes().forEach((channel, outcome) -> out.printf("    %-16s %s%n", channel, outcome));
    }
}
