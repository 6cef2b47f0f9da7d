package dev.sluice.switching;

/** What becomes of sends that wait at the old target when a sink is switched. */
public enum SwitchPolicy {
    /** They move to the new target, in order and ahead of later ones. The default: the switch is done at once. */
    MIGRATE,
    /**
     * They are let finish at the old target first; what is sent meanwhile is held, and follows to the new target. The
     * switch takes as long as the old target does.
     */
    SETTLE
}
