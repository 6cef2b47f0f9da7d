package dev.sluice.switching;

import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Route;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A sink and its route. Elements go straight through the route, which is re-checked where they are committed; everything
 * else here is guarded by the {@link Switchboard}.
 *
 * <p><b>Invariant.</b> While nobody is {@link #busy} with it, the route leads where {@link Relocation} says that {@link
 * #aim}, the sinks it follows, and the leases of its registry want it.
 *
 * @param <T> the element
 */
final class RoutedSink<T> implements SwitchableSink<T> {
    private final String name;
    final Route<T> route;

    /** Where sends wait while the sink is held. */
    final HoldGate<T> hold;

    /** Written under the lock; read without it for information. */
    private volatile Aim<T> aim;

    /** Who depends on where this sink leads. */
    final Set<RoutedSink<T>> followers = new LinkedHashSet<>();

    /** On whom this sink depends; the other side of {@link #followers}. */
    Set<RoutedSink<T>> followed = Set.of();

    /** The switch that is being prepared and will change where this sink leads. */
    @Nullable Switch<T, ?> busy;

    /** Switches that wait for {@link #busy} to be done. */
    final ArrayDeque<Switch<T, ?>> queue = new ArrayDeque<>(0);

    /** The registry this sink is a service of. */
    @Nullable Registrar<T> registrar;

    private RoutedSink(String name, Destination<T> target, @Nullable Registrar<T> registrar) {
        this.name = name;
        this.hold = new HoldGate<>(name + " (held)");
        this.route = new Route<>(hold);
        this.aim = new Aim<>(target, null, false);
        this.registrar = registrar;
    }

    /** A sink of nobody. */
    static <T> RoutedSink<T> create(String name, Sender<T> target) {
        RoutedSink<T> sink = new RoutedSink<>(name, Destination.of(target), null);
        Switchboard.change(after -> Relocation.of(Set.of(sink)).make(after));
        return sink;
    }

    /** Under the lock: the sink of a service. */
    static <T> RoutedSink<T> create(String name, Destination<T> target, Registrar<T> registrar, List<Runnable> after) {
        RoutedSink<T> sink = new RoutedSink<>(name, target, registrar);
        Relocation.of(Set.of(sink)).make(after);
        return sink;
    }

    Aim<T> aim() {
        return aim;
    }

    void aim(Aim<T> now) {
        aim = now;
    }

    @Override
    public Mono<Void> send(T element) {
        return route.send(element);
    }

    @Override
    public SendResult trySend(T element) {
        return route.trySend(element);
    }

    @Override
    public Mono<Long> sendAll(Publisher<? extends T> elements) {
        return route.sendAll(elements);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Sender<T> target() {
        return aim.current().sender();
    }

    @Override
    public boolean isHeld() {
        return aim.held();
    }

    @Override
    public Mono<Sender<T>> switchTo(Sender<T> target, SwitchPolicy policy) {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(policy, "policy");
        return Orders.switchTo(this, target, policy);
    }

    @Override
    public Mono<Void> hold() {
        return Orders.hold(this, true);
    }

    @Override
    public Mono<Void> resume() {
        return Orders.hold(this, false);
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return name;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    @Override
    public String toString() {
        Aim<T> now = aim;
        return "SwitchableSink[" + name + " -> " + now.current().name() + (now.held() ? ", held]" : "]");
    }
}
