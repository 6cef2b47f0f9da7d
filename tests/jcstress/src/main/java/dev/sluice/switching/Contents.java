package dev.sluice.switching;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/** What the races look at when they are over. */
final class Contents {
    private Contents() {}

    /** What is in a channel. */
    static List<Integer> of(Channel<Integer> channel) {
        List<Integer> elements = new ArrayList<>();
        channel.receive().subscribe(elements::add).dispose();
        return elements;
    }

    /** What is in two channels, one after the other. */
    static List<Integer> of(Channel<Integer> first, Channel<Integer> second) {
        List<Integer> elements = of(first);
        elements.addAll(of(second));
        return elements;
    }
}
