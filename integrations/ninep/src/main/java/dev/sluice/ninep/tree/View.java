package dev.sluice.ninep.tree;

import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.security.Verb;

/**
 * The tree as one who has attached sees it: from a directory down, and only the channels of which anything is allowed.
 *
 * @param access what is allowed
 * @param root the directory it attached to, empty for all
 */
public record View(Access access, String root) {

    private static final Verb[] VERBS = Verb.values();

    /** Whether anything may be done with a channel; if nothing, it is not there. */
    boolean sees(String channel) {
        for (Verb verb : VERBS) {
            if (access.allows(verb, channel)) {
                return true;
            }
        }
        return false;
    }

    /** Whether anything may be done below a directory that has no channel yet. */
    boolean seesBelow(String directory) {
        return sees(directory) || sees(directory + "/-");
    }

    /** Whether a path is in this view. */
    boolean contains(String path) {
        return root.isEmpty() || path.equals(root) || path.startsWith(root + "/");
    }

    /** Whether the channel may be read one way or the other. */
    public boolean mayRead(String channel) {
        return access.allows(Verb.RECEIVE, channel) || access.allows(Verb.LISTEN, channel);
    }

    /** Whether the channel may be sent to. */
    public boolean maySend(String channel) {
        return access.allows(Verb.SEND, channel);
    }

    /** Whether channels may be made, renamed and deleted. */
    public boolean mayManage(String path) {
        return access.allows(Verb.ADMIN, path);
    }

    /** Refuses what takes the right to manage channels. */
    void requireManage(String path, String what) {
        if (!mayManage(path)) {
            throw new Refusal(Errno.EACCES, what + " \"" + path + "\" takes the right admin, which this user has not");
        }
    }

    /** A path as it is written in this view, from its root on, with a slash before it. */
    public String shown(String path) {
        return root.isEmpty() ? "/" + path : path.substring(root.length());
    }

    /** The path of a name as it is written in this view, with or without a slash before it. */
    public String path(String written) {
        String relative = written.startsWith("/") ? written.substring(1) : written;
        return root.isEmpty() ? relative : root + "/" + relative;
    }
}
