package dev.sluice.rsocket.transport;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Certificates of one side, in PEM files: its own chain with the key (PKCS #8), and those it trusts. A client checks that the server's
 * certificate names the host it connected to. Immutable and thread safe.
 */
public final class TlsOptions {

    private final Builder values;

    private TlsOptions(Builder values) {
        this.values = values;
    }

    /** A builder with no certificate of its own that trusts what the JVM trusts. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the files, which may block.
     *
     * @throws IllegalArgumentException when a file cannot be read or used; the message names the files
     */
    SslContext forClient() {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (values.chain != null && values.key != null) {
            builder.keyManager(values.chain.toFile(), values.key.toFile());
        }
        return build(builder);
    }

    /** As {@link #forClient}, and a server needs a certificate. */
    SslContext forServer() {
        if (values.chain == null || values.key == null) {
            throw new IllegalArgumentException(
                    "a server with TLS needs a certificate: call TlsOptions.Builder.certificate");
        }
        SslContextBuilder builder;
        try {
            builder = SslContextBuilder.forServer(values.chain.toFile(), values.key.toFile());
        } catch (IllegalArgumentException unusable) {
            throw unusable(unusable);
        }
        return build(builder.clientAuth(values.clientAuth ? ClientAuth.REQUIRE : ClientAuth.NONE));
    }

    private SslContext build(SslContextBuilder builder) {
        try {
            if (values.trusted != null) {
                File trusted = values.trusted.toFile();
                builder.trustManager(trusted);
            }
            return builder.sslProvider(SslProvider.JDK).build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw unusable(unusable);
        }
    }

    private IllegalArgumentException unusable(Exception cause) {
        return new IllegalArgumentException(
                "cannot use the certificates of " + values + ": " + cause.getMessage()
                        + "; chain, key (PKCS #8) and trusted certificates must be PEM files",
                cause);
    }

    /** Builds {@link TlsOptions}. Not thread safe. */
    public static final class Builder {
        private @Nullable Path chain;
        private @Nullable Path key;
        private @Nullable Path trusted;
        private boolean clientAuth;

        private Builder() {}

        private Builder(Builder from) {
            chain = from.chain;
            key = from.key;
            trusted = from.trusted;
            clientAuth = from.clientAuth;
        }

        /** Who this side is: its certificate, followed by those that lead to a root, and the key. */
        public Builder certificate(Path chainFile, Path keyFile) {
            chain = Objects.requireNonNull(chainFile, "chain");
            key = Objects.requireNonNull(keyFile, "key");
            return this;
        }

        /** Whom this side trusts: certificates of authorities. Default those of the JVM. */
        public Builder trusted(Path file) {
            trusted = Objects.requireNonNull(file, "trusted");
            return this;
        }

        /** Whether a server refuses clients without a certificate it trusts (mutual TLS). Default false. */
        public Builder requireClientCertificate(boolean required) {
            clientAuth = required;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a file is missing; the message names it
         */
        public TlsOptions build() {
            for (Path file : new @Nullable Path[] {chain, key, trusted}) {
                if (file != null && !Files.isReadable(file)) {
                    throw new IllegalArgumentException("cannot read the certificate file " + file);
                }
            }
            return new TlsOptions(new Builder(this));
        }

        @Override
        public String toString() {
            return "chain " + chain + ", key " + key + ", trusted " + trusted;
        }
    }
}
