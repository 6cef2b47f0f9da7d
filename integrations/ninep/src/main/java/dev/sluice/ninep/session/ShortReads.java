package dev.sluice.ninep.session;

/**
 * When a read of an open file is answered with nothing, so that a program sees each frame at once.
 *
 * <p>Linux goes on reading for a program until the program's buffer is full or an answer is empty. After the end of a frame its next read must therefore
 * be answered with nothing, once; but only if it is such a continuation, which its count tells: what the one before left over. Of two reads of the most
 * bytes a message holds nobody can tell, because Linux cuts its count there. They count as one: an end that is none is better than a frame that is lost,
 * which an error in the middle of a read of Linux 6.12 does. Only a reader that does not wait gets a frame there, if there is one.
 *
 * <p>A read that was answered in full is not continued, so an answer never fills the longest read exactly at the end of a frame. Observed with Linux 6.1
 * and 6.12.
 */
final class ShortReads {

    private final int longest;
    private int lastCount;
    private int lastAnswered;
    private boolean endsHere;

    /** For reads of so many bytes at most. */
    ShortReads(int longest) {
        this.longest = longest;
    }

    /** What a read is to the one before. */
    enum Kind {
        /** One of its own. */
        OTHER,
        /** The rest of one that has got its frame. */
        CONTINUATION,
        /** One or the other: nobody can tell. */
        EITHER
    }

    /** What a read is; to be asked once for each. */
    Kind kind(int count) {
        boolean asked = endsHere;
        endsHere = false;
        if (asked && count == lastCount - lastAnswered) {
            return Kind.CONTINUATION;
        }
        return asked && count == longest && lastCount == longest ? Kind.EITHER : Kind.OTHER;
    }

    /** How much of what is left of a frame goes into the answer to a read. */
    int part(int count, int left) {
        return left == count && count == longest ? count - 1 : Math.min(count, left);
    }

    /** A read was answered. */
    void answered(int count, int bytes, boolean isEndOfFrame) {
        endsHere = isEndOfFrame && bytes < count;
        lastCount = count;
        lastAnswered = bytes;
    }
}
