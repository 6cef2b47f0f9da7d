package dev.sluice;

/** Something failed on the other side of a connection; the message is what it said. */
public class RemoteException extends SluiceException {

    private static final long serialVersionUID = 1L;

    /** An exception with a message. */
    public RemoteException(String message) {
        super(message);
    }
}
