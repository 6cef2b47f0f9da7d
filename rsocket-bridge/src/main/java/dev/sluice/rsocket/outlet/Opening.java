package dev.sluice.rsocket.outlet;

import dev.sluice.Frame;
import dev.sluice.channel.SwitchableSender;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** A client's open of an outlet, as long as it is not answered. */
final class Opening {

    private final String name;
    private final Object holder;
    private final Supplier<? extends SwitchableSender<Frame>> maker;
    private final Runnable onHeld;
    private final MonoSink<Void> answer;

    // Guarded by the table.
    private boolean cancelled;
    private @Nullable Entry awaited;

    Opening(
            String name,
            Object holder,
            Supplier<? extends SwitchableSender<Frame>> maker,
            Runnable onHeld,
            MonoSink<Void> answer) {
        this.name = name;
        this.holder = holder;
        this.maker = maker;
        this.onHeld = onHeld;
        this.answer = answer;
    }

    String name() {
        return name;
    }

    Object holder() {
        return holder;
    }

    /** Calls the opener. */
    SwitchableSender<Frame> make() {
        return Objects.requireNonNull(
                maker.get(), () -> "the opener made no outlet \"" + name + "\": it must return one, or throw");
    }

    void held() {
        onHeld.run();
    }

    void succeed() {
        answer.success();
    }

    void fail(Throwable failure) {
        answer.error(failure);
    }

    /** Under the table's lock. */
    boolean isCancelled() {
        return cancelled;
    }

    /** Under the table's lock: what happens to the entry happens to this. */
    void await(Entry entry) {
        awaited = entry;
        entry.await(this);
    }

    /** Under the table's lock: nobody waits for the answer any more. */
    void cancel() {
        cancelled = true;
        if (awaited != null) {
            awaited.forget(this);
        }
    }
}
