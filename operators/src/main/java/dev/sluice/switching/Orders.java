package dev.sluice.switching;

import dev.sluice.channel.Sender;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** What users ask of sinks, as orders. */
final class Orders {
    private Orders() {}

    static <T> Mono<Sender<T>> switchTo(RoutedSink<T> sink, Sender<T> target, SwitchPolicy policy) {
        return new SwitchMono<>("switchTo(" + sink.name() + ")", () -> {
            Destination<T> destination = Destination.of(target);
            return new Order<T, Sender<T>>(policy, false) {
                private Sender<T> previous = sink.target();

                @Override
                Map<RoutedSink<T>, Aim<T>> edits() {
                    previous = sink.target();
                    Aim<T> now = sink.aim();
                    return Map.of(sink, now.at(previous == target ? now.current() : destination));
                }

                @Override
                Sender<T> result() {
                    return previous;
                }

                @Override
                String describe() {
                    return "sink '" + sink.name() + "' stays with '"
                            + sink.aim().current().name() + "'";
                }
            };
        });
    }

    static <T> Mono<Void> hold(RoutedSink<T> sink, boolean held) {
        return change(
                (held ? "hold(" : "resume(") + sink.name() + ")",
                true,
                "sink '" + sink.name() + "' stays as it is",
                () -> Map.of(sink, sink.aim().held(held)));
    }

    static <T> Mono<Void> swap(RoutedSink<T> a, RoutedSink<T> b) {
        return change(
                "swap(" + a.name() + ", " + b.name() + ")",
                false,
                "sinks '" + a.name() + "' and '" + b.name() + "' keep their targets",
                () -> a == b
                        ? Map.of()
                        : Map.of(a, a.aim().like(b.aim()), b, b.aim().like(a.aim())));
    }

    /** To where the sink belongs now that a lease has begun or ended. */
    static <T> Order<T, Void> again(RoutedSink<T> sink) {
        return new Order<>(SwitchPolicy.MIGRATE, true) {
            @Override
            Map<RoutedSink<T>, Aim<T>> edits() {
                return Map.of(sink, sink.aim());
            }

            @Override
            String describe() {
                return "sink '" + sink.name() + "' stays where it is";
            }
        };
    }

    static <T> Mono<Void> change(
            String name, boolean evenToClosed, String otherwise, Supplier<Map<RoutedSink<T>, Aim<T>>> edits) {
        return new SwitchMono<>(name, () -> new Order<T, Void>(SwitchPolicy.MIGRATE, evenToClosed) {
            @Override
            Map<RoutedSink<T>, Aim<T>> edits() {
                return edits.get();
            }

            @Override
            String describe() {
                return otherwise;
            }
        });
    }
}
