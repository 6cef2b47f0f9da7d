package dev.sluice.ninep.session;

import dev.sluice.ninep.tree.Node;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The fids of a connection. Used on its event loop only. */
final class Fids {

    /** What is no fid, and stands for none. */
    static final int NO_FID = -1;

    private final IntObjectMap<Fid> all = new IntObjectHashMap<>();

    /** Numbers that a request, which is not answered yet, will give a file. */
    private final Set<Integer> reserved = new HashSet<>();

    private final int most;

    Fids(int most) {
        this.most = most;
    }

    Fid require(int number) {
        Fid fid = all.get(number);
        if (fid == null) {
            throw new Refusal(Errno.EBADF, "there is no fid " + Integer.toUnsignedString(number));
        }
        return fid;
    }

    /** Keeps a number for a file that is being looked for. */
    void reserve(int number) {
        if (number == NO_FID) {
            throw new Refusal(Errno.EBADF, "NOFID is no fid");
        }
        if (all.containsKey(number) || reserved.contains(number)) {
            throw new Refusal(Errno.EBADF, "fid " + Integer.toUnsignedString(number) + " is in use");
        }
        if (all.size() + reserved.size() >= most) {
            throw new Refusal(
                    Errno.EMFILE, "a connection has at most " + most + " fids: clunk some, or raise mostFids");
        }
        reserved.add(number);
    }

    void free(int number) {
        reserved.remove(number);
    }

    void add(Fid fid) {
        reserved.remove(fid.number);
        all.put(fid.number, fid);
    }

    void remove(Fid fid) {
        all.remove(fid.number);
    }

    int count() {
        return all.size();
    }

    /** A directory has moved, and everything in it. Channels know their names themselves. */
    void moved(String from, String to) {
        for (Fid fid : all.values()) {
            if (fid.node() instanceof Node.Directory directory) {
                String path = directory.path();
                if (path.equals(from) || path.startsWith(from + "/")) {
                    fid.node(new Node.Directory(to + path.substring(from.length())));
                }
            }
        }
    }

    /** Closes all. */
    void clear() {
        List<Fid> closed = new ArrayList<>(all.values());
        all.clear();
        reserved.clear();
        closed.forEach(Fid::close);
    }
}
