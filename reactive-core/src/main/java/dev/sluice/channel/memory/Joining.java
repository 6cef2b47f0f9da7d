package dev.sluice.channel.memory;

import dev.sluice.channel.Delivery;
import dev.sluice.channel.Entry;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Position;
import java.util.Objects;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The ways into a channel for those who receive. Nothing happens until somebody subscribes: then a receiver of the right
 * kind is made for him, and becomes a member of the group of a name, which is created unless it was before, or of a
 * listener of his own.
 *
 * @param <T> the element
 */
final class Joining<T> {
    private final MemoryChannel<T> channel;
    private final Roster<T> roster;

    Joining(MemoryChannel<T> channel, Roster<T> roster) {
        this.channel = channel;
        this.roster = roster;
    }

    private interface Factory<T> {
        Receiver<T> create(CoreSubscriber<?> actual);
    }

    Flux<T> receive(String group) {
        Roster.requireName(group);
        return new Reading<>(channel, () -> "receive(" + channel.name() + ", " + group + ")", actual -> {
            Receiver<T> receiver = new Receiver<>(actual);
            joinGroup(group, receiver);
            return receiver;
        });
    }

    Flux<Delivery<T>> receiveAcked(String group, int maxUnacked) {
        Roster.requireName(group);
        if (maxUnacked < 1) {
            throw new IllegalArgumentException("maxUnacked must be 1 or more, was " + maxUnacked);
        }
        return new Reading<>(channel, () -> "receiveAcked(" + channel.name() + ", " + group + ")", actual -> {
            Receiver<T> receiver = new AckedReceiver<>(actual, maxUnacked);
            joinGroup(group, receiver);
            return receiver;
        });
    }

    Flux<T> listen(Position from, ListenOptions listening) {
        return listening(from, listening, Receiver::new);
    }

    Flux<Entry<T>> listenEntries(Position from, ListenOptions listening) {
        return listening(from, listening, EntryReceiver::new);
    }

    private <R> Flux<R> listening(Position from, ListenOptions listening, Factory<T> factory) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(listening, "options");
        return new Reading<>(channel, () -> "listen(" + channel.name() + ")", actual -> {
            Receiver<T> receiver = factory.create(actual);
            Group<T> listener = channel.add("", Kind.LISTENER, listening.overflow(), listening.buffer(), from);
            Objects.requireNonNull(listener).join(receiver);
            return receiver;
        });
    }

    Mono<Boolean> createGroup(String group, GroupOptions creating) {
        Roster.requireName(group);
        Objects.requireNonNull(creating, "options");
        return Mono.fromSupplier(() -> {
            Group<T> created =
                    channel.add(group, Kind.CREATED, creating.overflow(), creating.buffer(), creating.from());
            if (created == null) {
                return false;
            }
            created.run();
            return true;
        });
    }

    /** Looks again when the group is removed meanwhile. */
    private void joinGroup(String name, Receiver<T> receiver) {
        Group<T> group;
        do {
            group = roster.find(name);
            if (group == null) {
                GroupOptions defaults = GroupOptions.defaults();
                channel.add(name, Kind.JOINED, defaults.overflow(), defaults.buffer(), defaults.from());
                group = roster.find(name);
            }
        } while (group == null || !group.join(receiver));
    }
}
