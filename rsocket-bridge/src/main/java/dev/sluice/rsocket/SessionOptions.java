package dev.sluice.rsocket;

import dev.sluice.rsocket.wire.Wire;
import java.time.Duration;
import java.util.Objects;

/**
 * Windows, limits and timeouts of the sessions of one endpoint. Immutable and thread safe.
 *
 * <p>What an endpoint holds at most: for each session its {@linkplain #sessionWindow() session window}, one frame, and the {@linkplain
 * #highWaterMark() high-water mark}, besides what the application holds itself.
 */
public final class SessionOptions {

    private static final SessionOptions DEFAULTS = builder().build();

    private final Builder values;

    private SessionOptions(Builder values) {
        this.values = values;
    }

    /** All defaults. */
    public static SessionOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with the values of these options. */
    public Builder toBuilder() {
        return values.copy();
    }

    /** Bytes of the longest frame this side takes, 64 KiB to 1 GiB. Default 16 MiB. */
    public int largestFrame() {
        return values.largestFrame;
    }

    /** Bytes this side takes in from a session before the application has taken them, 64 KiB to 1 GiB. Default 8 MiB. */
    public int sessionWindow() {
        return values.sessionWindow;
    }

    /** Bytes each stream may be ahead of its consumer, 16 KiB to 1 GiB. Default 256 KiB. */
    public int streamWindow() {
        return values.streamWindow;
    }

    /** Items an unbounded consumer asks for at a time, refilled at half, 1 to 65,536. Default 256. */
    public int windowItems() {
        return values.windowItems;
    }

    /** Calls and sources the other side may have open at a time, 16 to 16,777,216. Default 65,536. */
    public int mostStreams() {
        return values.mostStreams;
    }

    /** How deep nests may nest, 1 to 64. Default 8. */
    public int depth() {
        return values.depth;
    }

    /** Calls the other side may make in a second, 1 to 10,000,000; more fail with LIMIT. Default 200,000. */
    public int callsPerSecond() {
        return values.callsPerSecond;
    }

    /**
     * Bytes a session may send to this side in a second, 64 KiB or more; beyond that its connection is not read for the rest of the second.
     * Default {@link Long#MAX_VALUE}, no limit: windows bound memory without it.
     */
    public long inboundBytesPerSecond() {
        return values.inboundBytesPerSecond;
    }

    /** Bytes that may be handed to the connection and not yet be written to the socket, 64 KiB to 1 GiB. Default 512 KiB. */
    public int highWaterMark() {
        return values.highWaterMark;
    }

    /** How long a source may wait for somebody to subscribe before it is cancelled. Default 30 s. */
    public Duration acceptTimeout() {
        return values.acceptTimeout;
    }

    /** How long a session may be without the other side's HELLO, and before that a client's connection without SETUP. Default 5 s. */
    public Duration helloTimeout() {
        return values.helloTimeout;
    }

    /** How long a close waits for calls that run. Default 5 s. */
    public Duration closeTimeout() {
        return values.closeTimeout;
    }

    /**
     * How long calls that run may go on when the other side closes the session: at most as long as it lets them, and not for ever if it never ends
     * it. Default 1 minute.
     */
    public Duration leaveTimeout() {
        return values.leaveTimeout;
    }

    /** Whether batches are compressed with LZ4 where both sides want it and it makes them shorter. Default false. */
    public boolean compression() {
        return values.compression;
    }

    /** The name this side gives itself, at most 255 bytes. Default empty. */
    public String node() {
        return values.node;
    }

    /** Builds {@link SessionOptions}. Not thread safe. */
    public static final class Builder implements Cloneable {
        private int largestFrame = 16 << 20;
        private int sessionWindow = 8 << 20;
        private int streamWindow = 256 << 10;
        private int windowItems = 256;
        private int mostStreams = 65_536;
        private int depth = 8;
        private int callsPerSecond = 200_000;
        private long inboundBytesPerSecond = Long.MAX_VALUE;
        private int highWaterMark = 512 << 10;
        private Duration acceptTimeout = Duration.ofSeconds(30);
        private Duration helloTimeout = Duration.ofSeconds(5);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private Duration leaveTimeout = Duration.ofMinutes(1);
        private boolean compression;
        private String node = "";

        private Builder() {}

        private Builder copy() {
            try {
                return (Builder) super.clone();
            } catch (CloneNotSupportedException impossible) {
                throw new AssertionError(impossible);
            }
        }

        /** See {@link SessionOptions#largestFrame()}. */
        public Builder largestFrame(int bytes) {
            largestFrame = bytes;
            return this;
        }

        /** See {@link SessionOptions#sessionWindow()}. */
        public Builder sessionWindow(int bytes) {
            sessionWindow = bytes;
            return this;
        }

        /** See {@link SessionOptions#streamWindow()}. */
        public Builder streamWindow(int bytes) {
            streamWindow = bytes;
            return this;
        }

        /** See {@link SessionOptions#windowItems()}. */
        public Builder windowItems(int items) {
            windowItems = items;
            return this;
        }

        /** See {@link SessionOptions#mostStreams()}. */
        public Builder mostStreams(int streams) {
            mostStreams = streams;
            return this;
        }

        /** See {@link SessionOptions#depth()}. */
        public Builder depth(int levels) {
            depth = levels;
            return this;
        }

        /** See {@link SessionOptions#callsPerSecond()}. */
        public Builder callsPerSecond(int calls) {
            callsPerSecond = calls;
            return this;
        }

        /** See {@link SessionOptions#inboundBytesPerSecond()}. */
        public Builder inboundBytesPerSecond(long bytes) {
            inboundBytesPerSecond = bytes;
            return this;
        }

        /** See {@link SessionOptions#highWaterMark()}. */
        public Builder highWaterMark(int bytes) {
            highWaterMark = bytes;
            return this;
        }

        /** See {@link SessionOptions#acceptTimeout()}. */
        public Builder acceptTimeout(Duration timeout) {
            acceptTimeout = Objects.requireNonNull(timeout, "acceptTimeout");
            return this;
        }

        /** See {@link SessionOptions#helloTimeout()}. */
        public Builder helloTimeout(Duration timeout) {
            helloTimeout = Objects.requireNonNull(timeout, "helloTimeout");
            return this;
        }

        /** See {@link SessionOptions#closeTimeout()}. */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = Objects.requireNonNull(timeout, "closeTimeout");
            return this;
        }

        /** See {@link SessionOptions#leaveTimeout()}. */
        public Builder leaveTimeout(Duration timeout) {
            leaveTimeout = Objects.requireNonNull(timeout, "leaveTimeout");
            return this;
        }

        /** See {@link SessionOptions#compression()}. */
        public Builder compression(boolean wanted) {
            compression = wanted;
            return this;
        }

        /** See {@link SessionOptions#node()}. */
        public Builder node(String name) {
            node = Objects.requireNonNull(name, "node");
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public SessionOptions build() {
            Bounds.check("largestFrame", largestFrame, 64 << 10, 1 << 30);
            Bounds.check("sessionWindow", sessionWindow, 64 << 10, 1 << 30);
            Bounds.check("streamWindow", streamWindow, 16 << 10, 1 << 30);
            Bounds.check("windowItems", windowItems, 1, 65_536);
            Bounds.check("mostStreams", mostStreams, 16, 1 << 24);
            Bounds.check("depth", depth, 1, 64);
            Bounds.check("callsPerSecond", callsPerSecond, 1, 10_000_000);
            Bounds.check("inboundBytesPerSecond", inboundBytesPerSecond, 64 << 10, Long.MAX_VALUE);
            Bounds.check("highWaterMark", highWaterMark, 64 << 10, 1 << 30);
            Bounds.checkTimeout("acceptTimeout", acceptTimeout);
            Bounds.checkTimeout("helloTimeout", helloTimeout);
            Bounds.checkTimeout("closeTimeout", closeTimeout);
            Bounds.checkTimeout("leaveTimeout", leaveTimeout);
            Bounds.checkText("node", node, Wire.SERVICE_BYTES);
            return new SessionOptions(copy());
        }
    }
}
