package dev.sluice.ninep.tree;

/**
 * An entry of a directory.
 *
 * @param name its name there
 * @param path its path
 * @param isDirectory whether it is a directory
 * @param isMade whether it is there only because somebody made it
 * @param place where a listing goes on behind it
 */
public record Child(String name, String path, boolean isDirectory, boolean isMade, String place) {

    /** Behind everything in a directory, but for names that nobody has in earnest: who passes over a directory looks out for those. */
    private static final String BEHIND = "/\uffff";

    /** The entry that a path below a directory is found by. */
    static Child of(int prefix, String path, boolean isMade) {
        int slash = path.indexOf('/', prefix);
        if (slash < 0) {
            return new Child(path.substring(prefix), path, isMade, isMade, path);
        }
        String inside = path.substring(0, slash);
        return new Child(inside.substring(prefix), inside, true, isMade, inside + BEHIND);
    }

    /** The same as a directory. */
    Child asDirectory() {
        return new Child(name, path, true, isMade, place);
    }

    /** Whether it was found by something in it, and not by its own name. */
    boolean isPassedOver() {
        return place.length() > path.length();
    }
}
