package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelEvent;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.Entry;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Position;
import dev.sluice.rsocket.Call;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What can be received of a channel elsewhere. */
final class Feeds {

    private Feeds() {}

    /** Elements of a group; each counts as received when the subscriber has it. */
    static Feed<Frame> elements(Call call) {
        return new Grouped<>(call) {
            @Override
            Frame item(Elements element, Place at) {
                taken().add(offset(element));
                at.take();
                return element.value();
            }
        };
    }

    /** Elements of a group, for the subscriber to settle. */
    static Feed<Delivery<Frame>> deliveries(Call call) {
        return new Grouped<>(call) {
            @Override
            Delivery<Frame> item(Elements element, Place at) {
                return new RemoteDelivery(element, at, taken());
            }
        };
    }

    /**
     * As {@link #deliveries}, for one subscriber after the other; calls that follow an answer say in a tag what that answer's header was.
     *
     * @param history what those before had
     */
    static Feed<Delivery<Frame>> expecting(Call first, String tag, DeliveryHistory history) {
        return new Grouped<>(first, history) {
            @Override
            public Call call(boolean again) {
                String last = history.origin();
                return last.isEmpty() ? first : first.tag(tag, last);
            }

            @Override
            Delivery<Frame> item(Elements element, Place at) {
                return new RemoteDelivery(element, at, taken());
            }
        };
    }

    /** A feed of a group: what comes again although the subscriber has taken it is taken again, and not passed on. */
    private abstract static class Grouped<T> implements Feed<T> {
        private final Call call;
        private final DeliveryHistory history;

        Grouped(Call call) {
            this(call, new DeliveryHistory());
        }

        Grouped(Call call, DeliveryHistory history) {
            this.call = call;
            this.history = history;
        }

        TakenOffsets taken() {
            return history.taken();
        }

        @Override
        public Call call(boolean again) {
            return call;
        }

        @Override
        public void begins(Frame header) {
            history.begins(header);
        }

        @Override
        public @Nullable T item(Frame wire, Place at) {
            Elements element = Elements.decode(wire);
            if (isRedelivered(element) && taken().takenBefore(offset(element))) {
                at.take();
                return null;
            }
            return item(element, at);
        }

        abstract T item(Elements element, Place at);
    }

    private static long offset(Elements element) {
        return element.number() >>> 1;
    }

    private static boolean isRedelivered(Elements element) {
        return (element.number() & 1) == 1;
    }

    /** What a listener hears; in a further session it goes on behind the last element it has heard. */
    static Feed<Entry<Frame>> entries(Call call, Position from, ListenOptions options) {
        return new Feed<>() {
            private @Nullable String channel;
            private long next = -1;

            @Override
            public Call call(boolean again) {
                if (!again || channel == null || next < 0) {
                    return call.tags(Tags.of(from, options));
                }
                return call.tags(Tags.of(Position.offset(next), options)).tag(Verbs.OF, channel);
            }

            @Override
            public void begins(Frame header) {
                String[] words = header.asText().split(" ", 2);
                if (!words[0].equals(channel)) {
                    channel = words[0];
                    next = -1;
                }
                if (next < 0 && words.length > 1) {
                    next = Long.parseLong(words[1]);
                }
            }

            @Override
            public Entry<Frame> item(Frame wire, Place at) {
                Elements element = Elements.decode(wire);
                next = element.number() + 1;
                return new Entry<>(element.number(), element.value());
            }
        };
    }

    /** What happens to the channels of a registry; what happens while there is no session nobody can tell, so it ends with its session. */
    static Feed<ChannelEvent> events(Call call) {
        return new Feed<>() {
            @Override
            public @Nullable Call call(boolean again) {
                return again ? null : call;
            }

            @Override
            public void begins(Frame header) {}

            @Override
            public ChannelEvent item(Frame wire, Place at) {
                return Json.event(wire);
            }
        };
    }

    /** A delivery that is settled where it came from. */
    private static final class RemoteDelivery implements Delivery<Frame> {
        private final Elements element;
        private final Feed.Place at;
        private final TakenOffsets taken;
        private final AtomicBoolean settled = new AtomicBoolean();

        RemoteDelivery(Elements element, Feed.Place at, TakenOffsets taken) {
            this.element = element;
            this.at = at;
            this.taken = taken;
        }

        @Override
        public Frame value() {
            return element.value();
        }

        @Override
        public long offset() {
            return Feeds.offset(element);
        }

        @Override
        public boolean redelivered() {
            return isRedelivered(element);
        }

        @Override
        public boolean ack() {
            if (!settled.compareAndSet(false, true)) {
                return false;
            }
            // First, so that it cannot come again in the next session before it is known to be taken.
            taken.add(offset());
            return at.settle(true) || !taken.undo(offset());
        }

        @Override
        public boolean nack() {
            return settled.compareAndSet(false, true) && at.settle(false);
        }

        @Override
        public String toString() {
            return "Delivery(" + offset() + ", " + value() + ")";
        }
    }
}
