package dev.sluice.hub.control;

import dev.sluice.Frame;
import dev.sluice.channel.NamePrefix;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.switching.ExclusiveLease;
import dev.sluice.switching.LeaseExpiredException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The leases that clients hold, by ids that only their holders know: who has the id may send through the lease and renew it. Thread safe.
 */
final class LeaseTable {

    private static final int ID_BYTES = 16;

    /** A lease of more than this never ends, as far as anybody cares. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final SecureRandom random = seeded();

    /** Its own generator, seeded now: the system's reads a file for each number, which event loops must not. */
    private static SecureRandom seeded() {
        try {
            SecureRandom seeded = SecureRandom.getInstance("DRBG");
            seeded.nextBytes(new byte[ID_BYTES]);
            return seeded;
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new AssertionError(everyJvmHasIt);
        }
    }

    record Held(ExclusiveLease<Frame> lease, String others) {}

    /** Takes a lease down, until it ends; its id. */
    String add(ExclusiveLease<Frame> lease, String others) {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        held.put(id, new Held(lease, others));
        lease.ended().subscribe(end -> held.remove(id));
        return id;
    }

    /** The lease of an id that was given to the holder of a channel's lease. */
    ExclusiveLease<Frame> require(String id) {
        Held found = held.get(id);
        if (found == null) {
            throw new LeaseExpiredException("the lease has ended, or there never was one of this id: take a new one");
        }
        return found.lease;
    }

    /** What a holder sends through. */
    Sender<Frame> sender(String id) {
        return require(id).sender();
    }

    int count() {
        return held.size();
    }

    List<LeaseInfo> list(String prefix) {
        NamePrefix selected = NamePrefix.of(prefix);
        return held.values().stream()
                .filter(each -> selected.matches(each.lease().channel().name()))
                .map(LeaseTable::info)
                .sorted(Comparator.comparing(LeaseInfo::channel))
                .toList();
    }

    private static LeaseInfo info(Held held) {
        ExclusiveLease<Frame> lease = held.lease;
        Duration remaining = lease.remaining();
        return new LeaseInfo(
                lease.channel().name(),
                lease.holder(),
                lease.token(),
                held.others,
                remaining.compareTo(FOR_EVER) > 0 ? -1 : remaining.toMillis());
    }

    /** What travels of an error of a lease: its kind with it. */
    static Throwable onTheWire(Throwable error) {
        return error instanceof LeaseExpiredException
                ? Failures.of(Code.LEASE_EXPIRED, String.valueOf(error.getMessage()))
                : error;
    }
}
