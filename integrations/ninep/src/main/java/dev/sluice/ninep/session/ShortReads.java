package dev.sluice.ninep.session;

/**
 * When a read of an open file is answered with nothing, so that a program sees each frame at once.
 *
 * <p>Linux goes on reading for a program until the program's buffer is full or an answer is empty. After the end of a frame its next read must therefore
 * be answered with nothing, once; but only if it is such a continuation, which its count tells: what the one before left over. Of two reads of the most
 * bytes a message holds nobody can tell, because Linux cuts its count there; they count as one. A read that was answered in full is not continued, so an
 * answer never fills the longest read exactly at the end of a frame. Observed with Linux 6.1 and 6.12.
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

    /** Whether a read is the rest of one that has got its frame: to be answered with nothing, and asked once. */
    boolean isContinuation(int count) {
        boolean asked = endsHere;
        endsHere = false;
        return asked && (count == lastCount - lastAnswered || (count == longest && lastCount == longest));
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
