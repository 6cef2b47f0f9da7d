package dev.sluice.perf.files;

/** The names of the files that every server has, and what is in them. */
final class Tree {
    /** Has frames of {@link #SMALL} bytes, and never runs out of them. */
    static final String FULL_SMALL = "full-16";

    /** Has frames of {@link #LARGE} bytes, and never runs out of them. */
    static final String FULL_LARGE = "full-64k";

    /** Takes whatever is written. */
    static final String DRAINED = "drained";

    /** Has nothing until somebody writes. */
    static final String EMPTY = "empty";

    /** A folder of many files, none of which is used. */
    static final String MANY = "many";

    static final int SMALL = 16;

    /** With what is around it, less than a message of 64 KiB, the most that diod takes. */
    static final int LARGE = (1 << 16) - 64;

    /** What frames consist of; the client looks. */
    static final byte CONTENT = 'S';

    private Tree() {}
}
