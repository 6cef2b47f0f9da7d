package dev.sluice.hub.users;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a secret: {@code pbkdf2-sha256$ITERATIONS$SALT$HASH}, salt and hash in base64. Immutable and thread safe. Its text for people
 * shows neither.
 *
 * <p>Hashing and comparing are slow on purpose, a tenth of a second and more: not for event loops.
 */
public final class SecretHash {

    /** Iterations of a new hash, as OWASP advises for this function. */
    public static final int ITERATIONS = 600_000;

    static final int MIN_ITERATIONS = 1_000;
    /** Seconds of work: a file that asks for more would keep the hub from its other clients. */
    static final int MAX_ITERATIONS = 10_000_000;

    static final int MIN_SECRET = 8;
    static final int MAX_SECRET = 1024;

    private static final String SCHEME = "pbkdf2-sha256";
    private static final String FORM = SCHEME + "$ITERATIONS$SALT$HASH";
    private static final int MIN_SALT = 16;
    private static final int MAX_SALT = 64;
    private static final int HASH_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Only what is surely the name of a scheme is repeated in an error: the rest may be a secret that somebody has written as it is. */
    private static final Pattern OTHER_SCHEME = Pattern.compile(
            "\\{?\\$?(pbkdf2(?:[-_:]?(?:hmac)?[-_:]?sha-?\\d{1,3})?|s?bcrypt|scrypt|argon2(?:id|i|d)?|sha-?\\d{1,3}|ssha|md5|apr1|2[abxy]|[156]|yescrypt|y)[$}:].*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private SecretHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /**
     * Hashes a secret with {@link #ITERATIONS} and a salt of its own.
     *
     * @throws IllegalArgumentException when the secret is shorter than 8 characters, longer than 1,024, or has control characters
     */
    public static SecretHash of(String secret) {
        return of(secret, ITERATIONS);
    }

    /**
     * Hashes a secret.
     *
     * @param iterations 1,000 to 10,000,000
     * @throws IllegalArgumentException when that is out of bounds, or the secret as {@link #of(String)} says
     */
    public static SecretHash of(String secret, int iterations) {
        requireGood(secret);
        if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException(bounds(String.valueOf(iterations)));
        }
        byte[] salt = new byte[MIN_SALT];
        RANDOM.nextBytes(salt);
        return new SecretHash(iterations, salt, derive(secret, salt, iterations));
    }

    /**
     * Reads a hash.
     *
     * @throws IllegalArgumentException when it is none, with a message that does not repeat it
     */
    public static SecretHash parse(String text) {
        String[] parts = text.split("\\$", -1);
        if (!parts[0].equals(SCHEME)) {
            Matcher other = OTHER_SCHEME.matcher(text);
            throw new IllegalArgumentException(
                    other.matches()
                            ? "hashes of the scheme \"" + other.group(1) + "\" are not known: the hub knows " + FORM
                            : "is not a hash (" + FORM + "); secrets are never written as they are");
        }
        if (parts.length != 4) {
            throw new IllegalArgumentException("has " + parts.length + " parts between the $, and needs 4: " + FORM);
        }
        if (!parts[1].matches("[0-9]{1,9}")
                || Integer.parseInt(parts[1]) < MIN_ITERATIONS
                || Integer.parseInt(parts[1]) > MAX_ITERATIONS) {
            throw new IllegalArgumentException(bounds(parts[1].matches("[0-9]{1,20}") ? parts[1] : "not a number"));
        }
        byte[] salt = base64("salt", parts[2]);
        if (salt.length < MIN_SALT || salt.length > MAX_SALT) {
            throw new IllegalArgumentException(
                    "the salt must have " + MIN_SALT + " to " + MAX_SALT + " bytes, has " + salt.length);
        }
        byte[] hash = base64("hash", parts[3]);
        if (hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("the hash must have " + HASH_BYTES + " bytes, has " + hash.length);
        }
        return new SecretHash(Integer.parseInt(parts[1]), salt, hash);
    }

    private static String bounds(String was) {
        return "iterations must be " + MIN_ITERATIONS + " to " + MAX_ITERATIONS + ", was " + was;
    }

    private static byte[] base64(String what, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // Its message would quote a character.
            throw new IllegalArgumentException("the " + what + " is not base64");
        }
    }

    private static void requireGood(String secret) {
        Objects.requireNonNull(secret, "secret");
        int length = secret.codePointCount(0, secret.length());
        if (length < MIN_SECRET || length > MAX_SECRET) {
            throw new IllegalArgumentException(
                    "a secret must have " + MIN_SECRET + " to " + MAX_SECRET + " characters, this one has " + length);
        }
        if (secret.codePoints()
                .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
            throw new IllegalArgumentException("a secret must not have control characters: they cannot be typed again");
        }
    }

    /** Whether this was made of {@code secret}. Takes as long when it was not. */
    public boolean matches(String secret) {
        return MessageDigest.isEqual(hash, derive(secret, salt, iterations));
    }

    /** How the users file has it. */
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return SCHEME + "$" + iterations + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    private static byte[] derive(String secret, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, iterations, HASH_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException everyJvmHasIt) {
            throw new AssertionError(everyJvmHasIt);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash that
                && iterations == that.iterations
                && MessageDigest.isEqual(salt, that.salt)
                && MessageDigest.isEqual(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    @Override
    public String toString() {
        return SCHEME + "$" + iterations + "$…";
    }
}
