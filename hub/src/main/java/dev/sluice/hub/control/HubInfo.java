package dev.sluice.hub.control;

/**
 * A hub at one moment.
 *
 * @param version what was built
 * @param state {@code running} or {@code draining}
 * @param uptimeMillis since it started
 * @param engine the URL of the engine of its channels, without its secrets
 * @param channels how many there are
 * @param services how many there are
 * @param leases how many are held
 * @param sessions how many clients are connected with a session
 * @param discarded elements that went to {@code /dev/null} since it started
 * @param heapUsed bytes
 * @param heapMax bytes
 */
public record HubInfo(
        String version,
        String state,
        long uptimeMillis,
        String engine,
        long channels,
        int services,
        int leases,
        int sessions,
        long discarded,
        long heapUsed,
        long heapMax) {}
