package dev.sluice.rsocket.balance;

import dev.sluice.directory.Instance;
import java.nio.charset.StandardCharsets;

/**
 * Highest random weight hashing: each instance draws a number for a bucket, and the highest has it.
 *
 * <p>What one instance draws depends on no other, so when one leaves only its own buckets move, and when one joins it takes its share and nothing
 * else moves. Weights as in Schindelhauer and Schomaker's "Weighted Distributed Hash Tables": {@code -weight / ln(u)} of a uniform {@code u} is
 * the highest with a probability in proportion to the weight.
 *
 * <p>Part of what clients in other languages must do alike, so that they agree on the instance of a bucket: see docs/directory.md.
 */
final class Rendezvous {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Rendezvous() {}

    /** What an instance draws for a bucket; higher is better. */
    static double score(String bucket, Instance instance) {
        long hash = hash(hash(FNV_OFFSET, bucket), instance.id());
        // 53 bits, never 0 and never 1.
        double uniform = ((mix(hash) >>> 11) + 0.5) * 0x1.0p-53;
        return -instance.weight() / Math.log(uniform);
    }

    /** FNV-1a of the bytes and a byte that no UTF-8 has, so that "ab", "c" and "a", "bc" differ. */
    private static long hash(long before, String text) {
        long hash = before;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * FNV_PRIME;
        }
        return (hash ^ 0xff) * FNV_PRIME;
    }

    /** The finalizer of MurmurHash3: FNV alone leaves the high bits of similar texts alike. */
    private static long mix(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
