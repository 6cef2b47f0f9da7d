package dev.sluice.ninep.wire;

/**
 * What a server calls a file by. The version is always 0: nobody may believe that a channel has stayed as it was.
 *
 * @param isDirectory whether it is a directory
 * @param path the file's number, its own among all files of the server
 */
public record Qid(boolean isDirectory, long path) {

    /** Bytes of a qid. */
    public static final int BYTES = 13;
}
