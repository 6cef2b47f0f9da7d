package dev.sluice.nested;

import dev.sluice.SluiceException;

/** A new key came while as many groups were open as may be. */
public class TooManyGroupsException extends SluiceException {

    private static final long serialVersionUID = 1L;

    TooManyGroupsException(Object key, int maxGroups) {
        super("Group " + Keys.shown(key) + " cannot open because " + maxGroups
                + " groups are open: end groups by cancelling them, raise maxGroups,"
                + " or choose WhenTooMany.COMPLETE_LEAST_ACTIVE");
    }
}
