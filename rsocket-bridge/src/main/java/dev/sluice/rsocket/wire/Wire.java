package dev.sluice.rsocket.wire;

/** The numbers of the protocol. */
public final class Wire {

    /** The route of a session. */
    public static final String ROUTE = "sluice.v1";

    /** The version this code speaks. */
    public static final int VERSION = 1;

    /** Feature bit: batches may be LZ4 blocks. */
    public static final long FEATURE_LZ4 = 1;

    /** The longest batch, its first byte included. */
    public static final int BATCH_BYTES = 60 * 1024;

    /** The longest chunk of a frame. */
    public static final int CHUNK_BYTES = 16 * 1024;

    /** The longest header of a source. */
    public static final int HEADER_BYTES = 57_344;

    /** The longest name of a service. */
    public static final int SERVICE_BYTES = 255;

    /** The most tags of a call. */
    public static final int TAGS = 64;

    /** The longest key or value of a tag, and the longest text of an error. */
    public static final int TEXT_BYTES = 4_096;

    /** The longest tags of one call, all together: the call has to fit a batch. */
    public static final int TAGS_BYTES = 32 * 1024;

    /** What a header or a call costs of the session window besides its own bytes. */
    public static final int OVERHEAD = 64;

    /** A publisher's id. */
    public static final int PUBLISHER_BYTES = 16;

    /** First byte of a batch of plain records. */
    public static final int PLAIN = 0;

    /** First byte of a batch that is an LZ4 block. */
    public static final int LZ4 = 1;

    static final int HELLO = 0x01;
    static final int CALL = 0x02;
    static final int OPEN = 0x03;
    static final int GRANT = 0x04;
    static final int DATA = 0x05;
    static final int FIRST = 0x06;
    static final int MORE = 0x07;
    static final int ACK = 0x08;
    static final int NACK = 0x09;
    static final int END = 0x0A;
    static final int FAIL = 0x0B;
    static final int CANCEL = 0x0C;
    static final int GOAWAY = 0x0D;

    private Wire() {}
}
