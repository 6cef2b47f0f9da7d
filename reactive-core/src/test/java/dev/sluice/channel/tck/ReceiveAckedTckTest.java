package dev.sluice.channel.tck;

import dev.sluice.channel.Channel;
import org.reactivestreams.Publisher;

/** {@link Channel#receiveAcked(String)} by the rules of Reactive Streams; every delivery is acknowledged. */
public class ReceiveAckedTckTest extends ChannelPublisherTck {

    @Override
    Publisher<Integer> read(Channel<Integer> channel) {
        return channel.receiveAcked("g").map(delivery -> {
            delivery.ack();
            return delivery.value();
        });
    }
}
