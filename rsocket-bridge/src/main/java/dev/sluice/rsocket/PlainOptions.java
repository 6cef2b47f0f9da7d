package dev.sluice.rsocket;

/**
 * What plain RSocket clients, who speak no session, may take up on one connection. Immutable and thread safe.
 *
 * <p>For each connection an endpoint holds at most what its streams have asked for and not been rid of, which is the {@linkplain
 * #windowBytes() window} of each, {@link #waitingBytes()} of sends, and the {@linkplain SessionOptions#highWaterMark() high-water mark}, each over by
 * one frame.
 */
public final class PlainOptions {

    private static final PlainOptions DEFAULTS = builder().build();

    private final Builder values;

    private PlainOptions(Builder values) {
        this.values = values;
    }

    /** All defaults. */
    public static PlainOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Requests a connection may have open at a time, 0 to 1,048,576; further ones are rejected. 0 = no plain routes. Default 1,024. */
    public int mostStreams() {
        return values.mostStreams;
    }

    /**
     * Items a stream asks its producer for at a time, however many its client asks for, 1 to 65,536; the largest {@code buffer} of a listener
     * too. Default 256.
     */
    public int windowItems() {
        return values.windowItems;
    }

    /** Bytes a stream asks its producer for at a time, by the sizes it has seen, 1 KiB to 1 GiB. Default 256 KiB. */
    public int windowBytes() {
        return values.windowBytes;
    }

    /**
     * Bytes of sends that may wait for room in their channels, and of bodies of calls that have not ended, each counted with 64 more, 64 KiB to
     * 1 GiB. Beyond, requests are rejected, and what is sent to be forgotten is dropped and counted; but each request-channel is always asked for one
     * frame, which comes on top. Default 4 MiB.
     */
    public int waitingBytes() {
        return values.waitingBytes;
    }

    /** Sources of a service that one stream takes frames from at a time, 1 to 65,536; further ones wait. Default 256. */
    public int mostSources() {
        return values.mostSources;
    }

    /** Builds {@link PlainOptions}. Not thread safe. */
    public static final class Builder implements Cloneable {
        private int mostStreams = 1_024;
        private int windowItems = 256;
        private int windowBytes = 256 << 10;
        private int waitingBytes = 4 << 20;
        private int mostSources = 256;

        private Builder() {}

        private Builder copy() {
            try {
                return (Builder) super.clone();
            } catch (CloneNotSupportedException impossible) {
                throw new AssertionError(impossible);
            }
        }

        /** See {@link PlainOptions#mostStreams()}. */
        public Builder mostStreams(int streams) {
            mostStreams = streams;
            return this;
        }

        /** See {@link PlainOptions#windowItems()}. */
        public Builder windowItems(int items) {
            windowItems = items;
            return this;
        }

        /** See {@link PlainOptions#windowBytes()}. */
        public Builder windowBytes(int bytes) {
            windowBytes = bytes;
            return this;
        }

        /** See {@link PlainOptions#waitingBytes()}. */
        public Builder waitingBytes(int bytes) {
            waitingBytes = bytes;
            return this;
        }

        /** See {@link PlainOptions#mostSources()}. */
        public Builder mostSources(int sources) {
            mostSources = sources;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public PlainOptions build() {
            Bounds.check("mostStreams", mostStreams, 0, 1 << 20);
            Bounds.check("windowItems", windowItems, 1, 65_536);
            Bounds.check("windowBytes", windowBytes, 1 << 10, 1 << 30);
            Bounds.check("waitingBytes", waitingBytes, 64 << 10, 1 << 30);
            Bounds.check("mostSources", mostSources, 1, 65_536);
            return new PlainOptions(copy());
        }
    }
}
