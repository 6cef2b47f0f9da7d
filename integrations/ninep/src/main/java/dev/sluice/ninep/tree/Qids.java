package dev.sluice.ninep.tree;

import dev.sluice.ninep.wire.Qid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The numbers of files: half of a digest of the name and of what only this server knows, so that nobody can make two names with one number. No table
 * is kept, so a million channels cost nothing here. Thread safe.
 */
public final class Qids {

    private final byte[] salt = new byte[16];
    private final ThreadLocal<MessageDigest> digests = ThreadLocal.withInitial(Qids::sha256);

    Qids() {
        Random random = ThreadLocalRandom.current();
        random.nextBytes(salt);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new AssertionError(everyJvmHasIt);
        }
    }

    /** The qid of a file. */
    public Qid of(Node node) {
        return of(node.path(), node.isDirectory());
    }

    /** The qid of the file of a path. */
    public Qid of(String path, boolean isDirectory) {
        MessageDigest digest = digests.get();
        digest.update(salt);
        digest.update((byte) (isDirectory ? 1 : 0));
        byte[] number = digest.digest(path.getBytes(StandardCharsets.UTF_8));
        return new Qid(isDirectory, ByteBuffer.wrap(number).getLong());
    }
}
