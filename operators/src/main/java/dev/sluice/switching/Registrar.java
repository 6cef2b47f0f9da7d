package dev.sluice.switching;

import dev.sluice.channel.spi.Gate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a sink that is a service asks and tells its registry. Under the switchboard's lock. */
interface Registrar<T> {

    /** Where a lease wants services to go instead of to a gate; {@code null} when there is none that does. */
    @Nullable Destination<T> detour(Gate<T> gate);

    /** The sink was aimed elsewhere. */
    void changed(RoutedSink<T> sink, Aim<T> before, List<Runnable> after);
}
