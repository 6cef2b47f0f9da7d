package dev.sluice.channel.tck;

import dev.sluice.channel.Channel;
import org.reactivestreams.Publisher;

/** {@link Channel#receive(String)} by the rules of Reactive Streams. */
public class ReceiveTckTest extends ChannelPublisherTck {

    @Override
    Publisher<Integer> read(Channel<Integer> channel) {
        return channel.receive("g");
    }
}
