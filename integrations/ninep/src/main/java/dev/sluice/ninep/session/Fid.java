package dev.sluice.ninep.session;

import dev.sluice.ninep.tree.Node;
import dev.sluice.ninep.tree.View;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import org.jspecify.annotations.Nullable;

/** What a client calls a file by, once it has walked there. Used on its connection's event loop only. */
final class Fid {

    final int number;
    final Owner owner;
    private Node node;
    private @Nullable OpenFile open;
    private boolean isRemovedWhenClunked;

    Fid(int number, Owner owner, Node node) {
        this.number = number;
        this.owner = owner;
        this.node = node;
    }

    /**
     * Who has attached.
     *
     * @param view what it sees
     * @param name its name
     * @param user its number, -1 for none
     */
    record Owner(View view, String name, int user) {
        private static final int NOBODY = 65_534;

        int shownUser() {
            return user == -1 ? NOBODY : user;
        }
    }

    Node node() {
        return node;
    }

    /** The file has another name now, or the fid stands for another file. */
    void node(Node other) {
        node = other;
    }

    View view() {
        return owner.view();
    }

    boolean isOpen() {
        return open != null;
    }

    void open(OpenFile file, boolean isRemoved) {
        open = file;
        isRemovedWhenClunked = isRemoved;
    }

    boolean isRemovedWhenClunked() {
        return isRemovedWhenClunked;
    }

    OpenFile requireOpen() {
        OpenFile file = open;
        if (file == null) {
            throw new Refusal(Errno.EBADF, "fid " + number + " is not open");
        }
        return file;
    }

    void requireClosed() {
        if (open != null) {
            throw new Refusal(Errno.EBADF, "fid " + number + " is open already");
        }
    }

    Node.Directory requireDirectory() {
        if (node instanceof Node.Directory directory) {
            return directory;
        }
        throw new Refusal(Errno.ENOTDIR, "\"" + node.path() + "\" is no directory");
    }

    void close() {
        OpenFile file = open;
        open = null;
        if (file != null) {
            file.close();
        }
    }
}
