package dev.sluice.ninep;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.ninep.session.Limits;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.switching.Sinkhole;
import java.time.Duration;
import java.util.Objects;

/** Where a server of files listens, what it allows and what a connection may use up. Immutable and thread safe; made by a {@link Builder}. */
public final class NinePOptions {

    /** The longest message that is offered: a frame of 1 MiB, and what Linux keeps free for the header. */
    public static final int LONGEST_MESSAGE = (1 << 20) + Limits.IO_HEADER;

    private final Builder values;

    private NinePOptions(Builder values) {
        this.values = values;
    }

    /** Port 5640 of loopback, everything allowed. */
    public static NinePOptions defaults() {
        return builder().build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** See {@link Builder#host}. */
    public String host() {
        return values.host;
    }

    /** See {@link Builder#port}. */
    public int port() {
        return values.port;
    }

    /** See {@link Builder#allowRemote}. */
    public boolean allowRemote() {
        return values.allowRemote;
    }

    /** See {@link Builder#mostConnections}. */
    public int mostConnections() {
        return values.mostConnections;
    }

    /** See {@link Builder#handshakeTimeout}. */
    public Duration handshakeTimeout() {
        return values.handshakeTimeout;
    }

    AccessPolicy accessPolicy() {
        return values.accessPolicy;
    }

    ChannelOptions channelOptions() {
        return values.channelOptions;
    }

    Sinkhole<Frame> devNull() {
        return values.devNull;
    }

    int mostDirectories() {
        return values.mostDirectories;
    }

    Limits limits() {
        return new Limits(values.longestMessage, values.mostFids, values.mostWaiting, values.bufferedBytes);
    }

    /** Builds {@link NinePOptions}. Not thread safe. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = 5640;
        private boolean allowRemote;
        private int mostConnections = 1_000;
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private int longestMessage = LONGEST_MESSAGE;
        private int mostFids = 65_536;
        private int mostWaiting = 16_384;
        private int bufferedBytes = 16 << 20;
        private int mostDirectories = 100_000;
        private AccessPolicy accessPolicy = AccessPolicy.allowAll();
        private ChannelOptions channelOptions = ChannelOptions.defaults();
        private Sinkhole<Frame> devNull = Sinkhole.create("/dev/null");

        private Builder() {}

        private Builder(Builder from) {
            host = from.host;
            port = from.port;
            allowRemote = from.allowRemote;
            mostConnections = from.mostConnections;
            handshakeTimeout = from.handshakeTimeout;
            longestMessage = from.longestMessage;
            mostFids = from.mostFids;
            mostWaiting = from.mostWaiting;
            bufferedBytes = from.bufferedBytes;
            mostDirectories = from.mostDirectories;
            accessPolicy = from.accessPolicy;
            channelOptions = from.channelOptions;
            devNull = from.devNull;
        }

        /** A name or an address of this machine. Default 127.0.0.1. */
        public Builder host(String name) {
            host = Objects.requireNonNull(name, "host");
            return this;
        }

        /** The port; 0 lets the system choose. Default 5640. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /**
         * Lets it listen where other machines reach it. 9P carries no secret: who reaches the port is who it says it is. Default false.
         */
        public Builder allowRemote(boolean allowed) {
            allowRemote = allowed;
            return this;
        }

        /** Connections at most; more are closed. Default 1,000. */
        public Builder mostConnections(int most) {
            mostConnections = most;
            return this;
        }

        /** How long a connection may take to say which dialect it speaks. Default 10 s, at most an hour. */
        public Builder handshakeTimeout(Duration time) {
            handshakeTimeout = Objects.requireNonNull(time, "handshakeTimeout");
            return this;
        }

        /**
         * Bytes of a message at most. What a client writes at once is a frame, if it fits into its messages. 4 KiB to 16 MiB, default {@value
         * NinePOptions#LONGEST_MESSAGE}: frames of 1 MiB.
         */
        public Builder longestMessage(int bytes) {
            longestMessage = bytes;
            return this;
        }

        /** Fids a connection has at most. Default 65,536. */
        public Builder mostFids(int most) {
            mostFids = most;
            return this;
        }

        /** Requests of a connection that wait at most: reads of empty channels, and writes to full ones. Default 16,384, at most 65,535. */
        public Builder mostWaiting(int most) {
            mostWaiting = most;
            return this;
        }

        /**
         * Bytes held for a connection at most: of writes that wait, and as many of answers the client does not read. 1 MiB to 1 GiB, default 16 MiB;
         * one message fits in any case.
         */
        public Builder bufferedBytes(int most) {
            bufferedBytes = most;
            return this;
        }

        /** Directories that were made and have no channel, at most. Default 100,000. */
        public Builder mostDirectories(int most) {
            mostDirectories = most;
            return this;
        }

        /**
         * What those who attach may do. Who they are is what they say: the user's name of the mount. Default: everything, to everybody.
         */
        public Builder accessPolicy(AccessPolicy policy) {
            accessPolicy = Objects.requireNonNull(policy, "accessPolicy");
            return this;
        }

        /** How channels are that are made as files. Their name is ignored. */
        public Builder channelOptions(ChannelOptions options) {
            channelOptions = Objects.requireNonNull(options, "channelOptions");
            return this;
        }

        /** Where services go that are diverted to {@code /dev/null}. Default: a sinkhole of the server's own. */
        public Builder devNull(Sinkhole<Frame> sinkhole) {
            devNull = Objects.requireNonNull(sinkhole, "devNull");
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public NinePOptions build() {
            check("port", port, 0, 65_535);
            check("mostConnections", mostConnections, 1, 1_000_000);
            check("longestMessage", longestMessage, Limits.SHORTEST_MESSAGE, 16 << 20);
            check("mostFids", mostFids, 1, 10_000_000);
            check("mostWaiting", mostWaiting, 1, 65_535);
            check("bufferedBytes", bufferedBytes, 1 << 20, 1 << 30);
            check("bufferedBytes, below longestMessage,", bufferedBytes, longestMessage, 1 << 30);
            check("mostDirectories", mostDirectories, 0, 10_000_000);
            if (handshakeTimeout.toMillis() < 1 || handshakeTimeout.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException(
                        "handshakeTimeout must be more than 0 and at most an hour, was " + handshakeTimeout);
            }
            return new NinePOptions(new Builder(this));
        }

        private static void check(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", was " + value);
            }
        }
    }
}
