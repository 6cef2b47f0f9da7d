package dev.sluice.rsocket.wire;

import dev.sluice.Frame;

/**
 * What a side says of itself at the start of a session.
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
}
