package dev.sluice.rsocket.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Knows a fixed set of users and tokens. Immutable and thread safe.
 *
 * <p>Only digests of secrets are kept. What is shown is digested as a whole, name and password, and compared with every digest there is, each
 * in constant time: how long that takes tells neither whether a user exists, nor how much of a secret was right, nor how long the right one is.
 * So it is meant for dozens of users, not for thousands.
 */
public final class FixedAuthenticator implements Authenticator {

    private final List<Known> all;

    private static final class Known {
        private final byte[] digest;
        private final Identity identity;

        Known(byte[] digest, Identity identity) {
            this.digest = digest;
            this.identity = identity;
        }
    }

    private FixedAuthenticator(List<Known> all) {
        this.all = all;
    }

    @Override
    public Mono<Identity> authenticate(Credentials credentials) {
        return Mono.fromSupplier(() -> find(digest(credentials)));
    }

    private @Nullable Identity find(byte[] digest) {
        Identity found = null;
        for (Known known : all) {
            // No early end: all take the same time.
            if (MessageDigest.isEqual(known.digest, digest)) {
                found = known.identity;
            }
        }
        return found;
    }

    private static byte[] digest(Credentials credentials) {
        if (credentials instanceof Credentials.Simple simple) {
            return digest(1, simple.user(), simple.password());
        }
        return digest(2, "", ((Credentials.Bearer) credentials).token());
    }

    private static byte[] digest(int kind, String user, String secret) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] name = user.getBytes(StandardCharsets.UTF_8);
            // The length keeps "ab" with "c" apart from "a" with "bc".
            sha.update(
                    ByteBuffer.allocate(5).put((byte) kind).putInt(name.length).array());
            sha.update(name);
            return sha.digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new AssertionError(everyJvmHasIt);
        }
    }

    @Override
    public String toString() {
        return "FixedAuthenticator(" + all.size() + " credentials)";
    }

    /** Builds a {@link FixedAuthenticator}. Not thread safe. */
    public static final class Builder {
        private final List<Known> all = new ArrayList<>();

        Builder() {}

        /**
         * One who shows a name and a password, and is called by that name.
         *
         * @throws IllegalArgumentException when the name or the password is empty
         */
        public Builder user(String name, String password, String... roles) {
            requireText("user", name);
            requireText("password", password);
            all.add(new Known(digest(1, name, password), Identity.of(name, roles)));
            return this;
        }

        /**
         * One who shows a token.
         *
         * @param token the secret
         * @param name who that is
         * @throws IllegalArgumentException when the token or the name is empty
         */
        public Builder token(String token, String name, String... roles) {
            requireText("token", token);
            requireText("name", name);
            all.add(new Known(digest(2, "", token), Identity.of(name, roles)));
            return this;
        }

        /** The authenticator. */
        public FixedAuthenticator build() {
            return new FixedAuthenticator(List.copyOf(all));
        }

        private static void requireText(String what, String value) {
            if (value.isEmpty()) {
                throw new IllegalArgumentException(what + " must not be empty");
            }
        }
    }
}
