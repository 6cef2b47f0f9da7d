package dev.sluice.nested;

import dev.sluice.SluiceException;
import java.time.Duration;

/** A group held up the others for the accept timeout, because nothing was taken from it, and was ended. */
public class GroupNotDrainedException extends SluiceException {

    private static final long serialVersionUID = 1L;

    GroupNotDrainedException(Object key, Duration acceptTimeout) {
        super("Group " + Keys.shown(key) + " was ended because nothing was taken from it for " + acceptTimeout
                + " while others waited: subscribe to every group or discard it, and take from it,"
                + " or raise acceptTimeout");
    }
}
