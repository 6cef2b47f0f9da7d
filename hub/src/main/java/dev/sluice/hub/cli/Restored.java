package dev.sluice.hub.cli;

/** Something that must be undone when a command ends, however it ends: on its way out, or by a signal that ends the process. */
final class Restored {

    private final Thread hook;
    private final Runnable undo;

    private Restored(Runnable undo) {
        this.undo = undo;
        this.hook = new Thread(undo, "restore-terminal");
    }

    /** From now on it will be undone; it must not mind being undone twice, and together. */
    static Restored atTheEnd(Runnable undo) {
        Restored made = new Restored(undo);
        try {
            Runtime.getRuntime().addShutdownHook(made.hook);
        } catch (IllegalStateException endsAlready) {
            undo.run();
        }
        return made;
    }

    /** Undoes it now. */
    void close() {
        undo.run();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endsAlready) {
            // The hook runs too, and finds nothing to do.
        }
    }
}
