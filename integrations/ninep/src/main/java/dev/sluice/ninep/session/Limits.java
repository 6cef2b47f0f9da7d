package dev.sluice.ninep.session;

/**
 * What one connection may use up.
 *
 * @param longestMessage bytes of a message, its header included, at most
 * @param mostFids fids at a time
 * @param mostWaiting requests that wait at a time
 * @param bufferedBytes bytes of writes that wait for room, of snapshots of {@code ctl} and {@code stats}, and, counted by themselves, of answers the
 *     client does not read
 */
public record Limits(int longestMessage, int mostFids, int mostWaiting, int bufferedBytes) {

    /** Bytes that Linux keeps free of a message for its header, when it reads and writes. */
    public static final int IO_HEADER = 24;

    /** The least a client may ask for: a directory's entry, or an error, must fit. */
    public static final int SHORTEST_MESSAGE = 4096;
}
