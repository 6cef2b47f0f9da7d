package dev.sluice.ninep.tree;

import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** The directories somebody has made. They are there also while they are empty. Thread safe. */
final class Directories {

    private final NavigableSet<String> made = new ConcurrentSkipListSet<>();
    private final int most;

    Directories(int most) {
        this.most = most;
    }

    boolean isMade(String path) {
        return made.contains(path);
    }

    /** Whether it was made, or something below it. */
    boolean contains(String path) {
        return made.contains(path) || hasBelow(path);
    }

    boolean hasBelow(String path) {
        String next = made.higher(path + "/");
        return next != null && next.startsWith(path + "/");
    }

    void add(String path) {
        if (made.size() >= most) {
            throw new Refusal(
                    Errno.ENOBUFS,
                    "there are " + most + " empty directories already: remove some, or raise mostDirectories");
        }
        made.add(path);
    }

    boolean remove(String path) {
        return made.remove(path);
    }

    /** Those below a path, in order, behind a place. */
    NavigableSet<String> below(String path, String after) {
        String from = path.isEmpty() ? "" : path + "/";
        NavigableSet<String> all = path.isEmpty() ? made : made.subSet(from, false, path + "0", false);
        return after.compareTo(from) <= 0 ? all : all.tailSet(after, false);
    }

    /** They move with the directory they are in. */
    void move(String from, String to) {
        for (String path : List.copyOf(below(from, ""))) {
            made.remove(path);
            made.add(to + path.substring(from.length()));
        }
        if (made.remove(from)) {
            made.add(to);
        }
    }
}
