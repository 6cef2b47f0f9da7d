package dev.sluice.rsocket.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Where each element of some producers has arrived, and how often. An element says its producer and its number. */
final class Account {

    private record Arrival(String channel, String producer, int number) {}

    /** In the order of their arrival, for each channel. */
    private final Map<String, ConcurrentLinkedQueue<Arrival>> arrivals = new TreeMap<>();

    private final AtomicInteger arrived = new AtomicInteger();

    /** Receives all of a channel from now on. */
    void follow(String name, Channel<Frame> channel) {
        ConcurrentLinkedQueue<Arrival> here = new ConcurrentLinkedQueue<>();
        arrivals.put(name, here);
        channel.receive().map(Frame::asText).subscribe(text -> {
            String[] words = text.split(" ", -1);
            here.add(new Arrival(name, words[0], Integer.parseInt(words[1])));
            arrived.incrementAndGet();
        });
    }

    static Frame element(String producer, long number) {
        return Frame.text(producer + " " + number);
    }

    /** Elements of a producer, until it is told to stop; made on a thread of its own, so that it holds up no event loop that asks for them. */
    static Flux<Frame> elements(String producer, BooleanSupplier stop) {
        return Flux.<Frame, Integer>generate(() -> 0, (number, sink) -> {
                    if (stop.getAsBoolean()) {
                        sink.complete();
                    } else {
                        sink.next(element(producer, number));
                    }
                    return number + 1;
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    int arrived() {
        return arrived.get();
    }

    /**
     * Sees that a producer's elements from 0 on have arrived, each once, in its order, and that all before a switch are where it led before.
     *
     * @param switches how often what it sends through was switched
     */
    void verify(String producer, long sent, int switches) {
        Map<Integer, String> places = new TreeMap<>();
        List<Integer> twice = new ArrayList<>();
        for (ConcurrentLinkedQueue<Arrival> channel : arrivals.values()) {
            int last = -1;
            for (Arrival arrival : channel) {
                if (!arrival.producer.equals(producer)) {
                    continue;
                }
                assertThat(arrival.number).as("%s after %s", arrival, last).isGreaterThan(last);
                last = arrival.number;
                if (places.put(arrival.number, arrival.channel) != null) {
                    twice.add(arrival.number);
                }
            }
        }
        assertThat(twice).as("doubled of %s", producer).isEmpty();
        assertThat((long) places.size()).as("arrived of %s", producer).isEqualTo(sent);
        assertThat(new HashSet<>(places.keySet())).allMatch(number -> number < sent);
        assertThat(moves(places)).as("moves of %s", producer).isLessThanOrEqualTo(switches);
    }

    /** How often the place changes from a number to the next. */
    private static int moves(Map<Integer, String> places) {
        int moves = 0;
        String before = null;
        for (String place : places.values()) {
            moves += before == null || before.equals(place) ? 0 : 1;
            before = place;
        }
        return moves;
    }
}
