package dev.sluice.ninep.wire;

/**
 * Why a request is refused: the number for Linux, and the text for clients that know none. The texts are those that Linux's own client turns back
 * into numbers (net/9p/error.c), Plan 9's where it has one.
 */
public enum Errno {
    /** Not permitted, whoever asks. */
    EPERM(1, "Operation not permitted"),
    /** No such file. */
    ENOENT(2, "file does not exist"),
    /** It failed. */
    EIO(5, "i/o error"),
    /** No such fid, or not opened for that. */
    EBADF(9, "fid unknown or out of range"),
    /** Nothing there now, and the file was opened not to wait. */
    EAGAIN(11, "Resource temporarily unavailable"),
    /** Not allowed to this user. */
    EACCES(13, "permission denied"),
    /** In use by somebody. */
    EBUSY(16, "Device or resource busy"),
    /** It exists. */
    EEXIST(17, "file already exists"),
    /** No directory. */
    ENOTDIR(20, "not a directory"),
    /** A directory. */
    EISDIR(21, "Is a directory"),
    /** Nonsense. */
    EINVAL(22, "Invalid argument"),
    /** Too many fids. */
    EMFILE(24, "Too many open files"),
    /** The channel is closed. */
    EPIPE(32, "Broken pipe"),
    /** The name is too long. */
    ENAMETOOLONG(36, "File name too long"),
    /** Not empty. */
    ENOTEMPTY(39, "directory is not empty"),
    /** No such attribute. */
    ENODATA(61, "No data available"),
    /** Not in this order. */
    EPROTO(71, "Protocol error"),
    /** Channels are not that kind of file. */
    EOPNOTSUPP(95, "Operation not supported"),
    /** More waits than may. */
    ENOBUFS(105, "No buffer space available");

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The number, that of Linux. */
    public int number() {
        return number;
    }

    /** The text. */
    public String text() {
        return text;
    }
}
