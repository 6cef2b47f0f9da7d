package dev.sluice.rsocket.security;

import java.util.Objects;

/** What a client shows to prove who it is. Immutable. Its text never shows a secret. */
public sealed interface Credentials {

    /** A token, as {@code Bearer} of RFC 6750. */
    static Credentials bearer(String token) {
        return new Bearer(token);
    }

    /** A name and a password. */
    static Credentials simple(String user, String password) {
        return new Simple(user, password);
    }

    /** A token. */
    final class Bearer implements Credentials {
        private final String token;

        private Bearer(String token) {
            this.token = Objects.requireNonNull(token, "token");
        }

        /** The token: a secret. */
        public String token() {
            return token;
        }

        @Override
        public String toString() {
            return "Bearer(…)";
        }
    }

    /** A name and a password. */
    final class Simple implements Credentials {
        private final String user;
        private final String password;

        private Simple(String user, String password) {
            this.user = Objects.requireNonNull(user, "user");
            this.password = Objects.requireNonNull(password, "password");
        }

        /** The name, which people at times mistake for the password. */
        public String user() {
            return user;
        }

        /** The password: a secret. */
        public String password() {
            return password;
        }

        @Override
        public String toString() {
            return "Simple(…)";
        }
    }
}
