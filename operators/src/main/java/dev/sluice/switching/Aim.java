package dev.sluice.switching;

import org.jspecify.annotations.Nullable;

/**
 * Where a sink was told to send. Where its elements really go depends on more: on the sinks it follows, and on leases.
 *
 * @param home where it belongs
 * @param diversion where it was diverted to, to be restored later
 * @param held whether it is held
 */
record Aim<T>(Destination<T> home, @Nullable Destination<T> diversion, boolean held) {

    Destination<T> current() {
        return diversion == null ? home : diversion;
    }

    /** Aimed elsewhere by its user: what it was diverted from does not count any more. */
    Aim<T> at(Destination<T> target) {
        return new Aim<>(target, null, held);
    }

    Aim<T> divertedTo(Destination<T> target) {
        return new Aim<>(home, target, held);
    }

    Aim<T> restored() {
        return new Aim<>(home, null, held);
    }

    Aim<T> held(boolean now) {
        return new Aim<>(home, diversion, now);
    }

    /** Aimed where another one is aimed. */
    Aim<T> like(Aim<T> other) {
        return new Aim<>(other.home, other.diversion, held);
    }
}
