package dev.sluice.rsocket.session;

/** The session has ended within a batch: what stands behind is not for anybody. */
final class Over extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Over() {
        super("the session is over", null, false, false);
    }
}
