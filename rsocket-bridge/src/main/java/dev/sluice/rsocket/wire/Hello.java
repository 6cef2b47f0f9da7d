package dev.sluice.rsocket.wire;

import dev.sluice.Frame;
import java.nio.charset.StandardCharsets;

/**
 * What a side says of itself at the start of a session. Immutable and thread safe.
 *
 * <p>One that offers less than {@link #FLOOR}, or names itself at more length than the protocol allows, cannot be made.
 *
 * @param version the protocol's version
 * @param features a bit per feature, see {@link Wire#FEATURE_LZ4}
 * @param largestFrame bytes of the longest frame this side takes
 * @param sessionWindow bytes this side takes in before it grants more
 * @param streamWindow bytes each stream towards this side starts with
 * @param mostStreams streams and calls the other side may have open
 * @param depth how deep nests may nest
 * @param publisher who this is, across reconnects: 16 bytes, or none
 * @param node a name for people
 */
public record Hello(
        long version,
        long features,
        long largestFrame,
        long sessionWindow,
        long streamWindow,
        long mostStreams,
        long depth,
        Frame publisher,
        String node) {

    /** What a side counts on before it has the other's: the least every side must offer. */
    public static final Hello FLOOR = new Hello(Wire.VERSION, 0, 65_536, 65_536, 16_384, 16, 1, Frame.EMPTY, "");

    /**
     * Checks every field.
     *
     * @throws IllegalArgumentException when one is below its floor or too long; the message names it
     */
    public Hello {
        atLeast("version", version, Wire.VERSION);
        atLeast("features", features, 0);
        atLeast("largest frame", largestFrame, 65_536);
        atLeast("session window", sessionWindow, 65_536);
        atLeast("stream window", streamWindow, 16_384);
        atLeast("most streams", mostStreams, 16);
        atLeast("depth", depth, 1);
        if (publisher.size() != 0 && publisher.size() != Wire.PUBLISHER_BYTES) {
            throw new IllegalArgumentException(
                    "a publisher of " + publisher.size() + " bytes, it has " + Wire.PUBLISHER_BYTES + " or none");
        }
        int length = node.getBytes(StandardCharsets.UTF_8).length;
        if (length > Wire.SERVICE_BYTES) {
            throw new IllegalArgumentException(
                    "a node of " + length + " bytes, at most " + Wire.SERVICE_BYTES + " are allowed");
        }
    }

    private static void atLeast(String what, long value, long floor) {
        if (value < floor) {
            throw new IllegalArgumentException(what + " " + value + ", at least " + floor + " is required");
        }
    }
}
