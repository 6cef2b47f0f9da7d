package dev.sluice.channel.memory;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.spi.Route;
import dev.sluice.channel.spi.SendQueue;
import dev.sluice.channel.spi.Thrown;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a channel is called, and when it ends: it is closed, or it expires because nobody would miss it.
 *
 * <p><b>Expiry</b> is decided as a send is. Under the lock, all groups locked, it reads the tail word, looks whether
 * anything is there or anybody, and then shuts the gate by one compare-and-set of that word. If that succeeds nothing was
 * sent meanwhile, and whoever sends, joins or waits from then on is refused; if not, nothing has changed.
 *
 * @param <T> the element
 */
abstract class Lifetime<T> extends Keeping<T> {
    /** {@code null} while the channel is open. */
    private volatile @Nullable Closing closing;

    /** Guarded by the lock; {@code null} until there is one. */
    private @Nullable Claims claims;

    /** To be asked for whenever it is told: the channel's registry may change it. */
    private volatile String name;

    /** How many renames the registry had seen with the last one of this channel; 0 before there was one. */
    private volatile long renamed;

    Lifetime(ChannelOptions options) {
        super(options);
        this.name = options.name();
    }

    @Override
    public final String name() {
        return name;
    }

    /**
     * The channel has another name from now on, and somebody counts on it.
     *
     * @param number how many renames its registry has seen with this one
     */
    final void rename(String to, long number) {
        declare();
        renamed = number;
        name = to;
    }

    /** Whether it was renamed since its registry had seen so many renames. */
    final boolean isRenamedSince(long number) {
        return renamed > number;
    }

    /** Under the lock, all groups locked: whether nothing is here, and nobody who receives. */
    abstract boolean isIdle();

    /** With the gate shut and all groups locked: takes all groups out, so that nobody joins them. */
    abstract void dissolve();

    final void close(Closing how) {
        SendQueue<T> told = new SendQueue<>();
        lock();
        try {
            if (closing != null) {
                return;
            }
            shut();
            end(how, told);
            reopen();
        } finally {
            unlock();
        }
        Thrown thrown = told.refuse(this::refusal, null);
        for (Group<T> group : groups) {
            try {
                group.run();
            } catch (Throwable e) {
                thrown = Thrown.by(e, thrown);
            }
        }
        Thrown.rethrow(thrown);
    }

    /**
     * Closes the channel in one step if nothing is in it, nobody is there and nobody has a {@linkplain Claims claim}; one
     * that is closed already ends this way too.
     *
     * @return what is to be run outside all locks; {@code null} when the channel stays, and then nothing has changed
     */
    final @Nullable Runnable expire() {
        SendQueue<T> told = new SendQueue<>();
        lock();
        try {
            boolean wanted = claims != null && !claims.isEmpty();
            if (isExpired() || wanted || waitingSends() > 0 || isOwned()) {
                return null;
            }
            boolean gone = exclusivelyIf(this::isIdle, () -> {
                dissolve();
                end(Closing.EXPIRED, told);
            });
            if (!gone) {
                return null;
            }
        } finally {
            unlock();
        }
        return () -> {
            // Nobody waited to send; but somebody may have watched for the end, and the last drops may be noted.
            Thrown thrown = told.refuse(this::refusal, null);
            committed(1);
            Thrown.rethrow(thrown);
        };
    }

    private void end(Closing how, SendQueue<T> told) {
        closing = how;
        closeFastLane();
        releaseAll(told);
    }

    @Override
    public final boolean isClosed() {
        return closing != null;
    }

    @Override
    public final boolean isExpired() {
        Closing how = closing;
        return how != null && how.expired();
    }

    /** Under the lock: what would have no effect on a channel that has expired is refused there. */
    final void requireAlive() {
        if (isExpired()) {
            throw Closing.EXPIRED.refusal(name());
        }
    }

    /** What receivers are told in the end; {@code null} for completion. */
    final @Nullable Throwable closeCause() {
        Closing how = closing;
        return how == null ? null : how.cause();
    }

    @Override
    public final Throwable refusal() {
        return Objects.requireNonNull(closing, "closing").refusal(name());
    }

    // Claims.

    /** Under the lock. */
    private Claims claims() {
        Claims known = claims;
        if (known == null) {
            known = new Claims();
            claims = known;
        }
        return known;
    }

    /** Somebody has said how the channel is to be: a new one of this name would not be the same. */
    final void declare() {
        lock();
        declareLocked();
        unlock();
    }

    /** Under the lock: as {@link #declare()}. */
    final void declareLocked() {
        claims().declare();
    }

    /** Under the lock: somebody counts on the channel. */
    final void claim(Object claimant) {
        claims().add(claimant);
    }

    /** Under the lock. */
    final void unclaim(Object claimant) {
        if (claims != null) {
            claims.remove(claimant);
        }
    }

    @Override
    protected final boolean enter() {
        lock();
        try {
            if (isExpired()) {
                return false;
            }
            claims().enter();
            return true;
        } finally {
            unlock();
        }
    }

    @Override
    protected final void leave() {
        lock();
        claims().leave();
        unlock();
    }

    @Override
    protected final void aimed(Route<T> route, boolean here) {
        if (here) {
            claim(route);
        } else {
            unclaim(route);
        }
    }
}
