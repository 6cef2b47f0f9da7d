package dev.sluice.ninep.session;

/**
 * What a file is opened for.
 *
 * @param reads whether for reading
 * @param writes whether for writing
 * @param waits whether reads and writes wait; without it they are refused when they would have to
 * @param removes whether the file is removed when its fid is clunked
 */
record Mode(boolean reads, boolean writes, boolean waits, boolean removes) {

    private static final int ACCESS = 3;
    private static final int WRITE = 1;
    private static final int READ_WRITE = 2;

    private static final int ORCLOSE = 0x40;
    private static final int O_NONBLOCK = 04000;

    /** A mode of Topen and Tcreate. To execute is to read. */
    static Mode plan9(int mode) {
        return new Mode((mode & ACCESS) != WRITE, isWriting(mode), true, (mode & ORCLOSE) != 0);
    }

    /** The flags of Tlopen and Tlcreate. */
    static Mode linux(int flags) {
        return new Mode((flags & ACCESS) != WRITE, isWriting(flags), (flags & O_NONBLOCK) == 0, false);
    }

    private static boolean isWriting(int mode) {
        int access = mode & ACCESS;
        return access == WRITE || access == READ_WRITE;
    }
}
