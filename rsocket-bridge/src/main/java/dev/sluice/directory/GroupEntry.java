package dev.sluice.directory;

import java.util.Set;

/**
 * A group of a destination, as a directory has it.
 *
 * @param name its name
 * @param terms what its first member wanted
 * @param members the ids of those who are in it now, unmodifiable
 * @param revision of its entry; -1 when there are members and no entry, because somebody removed it from under them
 */
public record GroupEntry(String name, GroupTerms terms, Set<String> members, long revision) {

    /** Copies the members. */
    public GroupEntry {
        members = Set.copyOf(members);
    }
}
