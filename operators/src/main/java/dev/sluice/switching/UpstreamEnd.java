package dev.sluice.switching;

/** What the end of its upstream means to the subscribers of a {@link SwitchableSource}. */
public enum UpstreamEnd {
    /** They complete too. The default. */
    COMPLETE,
    /** They wait for the next upstream. An upstream that fails fails them nevertheless. */
    WAIT
}
