package dev.sluice.ninep.session;

import dev.sluice.ninep.tree.Child;
import dev.sluice.ninep.tree.Node;
import dev.sluice.ninep.tree.Tree;
import dev.sluice.ninep.tree.View;
import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Body;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Qid;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.security.Verb;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * What is known of a file. Its mode says what the policy allows, its owner is whoever looks, and its length is 0 always: nobody may conclude from it that
 * there is nothing to read.
 */
final class Attributes {

    /** A directory, by stat(5). */
    static final int DMDIR = 0x8000_0000;

    /** Bytes of a stat without its texts, its own size included. */
    private static final int STAT = 49;

    /** What 9P2000.u adds. */
    private static final int STAT_NUMERIC = 14;

    private static final int S_IFDIR = 0040000;
    private static final int S_IFREG = 0100000;

    /** What Tgetattr is asked for by all; the rest is not known here. */
    private static final long BASIC = 0x7FF;

    private static final int BLOCK = 4096;

    private static final int SET_MODE = 1;
    private static final int SET_USER = 2;
    private static final int SET_GROUP = 4;
    private static final int SET_SIZE = 8;

    /** What Linux calls a file system of this kind. */
    private static final int MAGIC = 0x0102_1997;

    private static final int LONGEST_NAME = 255;

    private final Session session;
    private final Tree tree;

    Attributes(Session session) {
        this.session = session;
        this.tree = session.site().tree();
    }

    /** The same for owner, group and others: nobody here is anybody's group. */
    static int permissions(Node node, View view) {
        if (node instanceof Node.Directory directory) {
            return view.mayManage(directory.path()) ? 0777 : 0555;
        }
        if (node instanceof Node.Special special) {
            return special.isCtl() ? 0666 : 0444;
        }
        Node.ChannelFile file = (Node.ChannelFile) node;
        return permissions(file.channel().name(), file.reader() instanceof Node.Listener, view);
    }

    private static int permissions(String name, boolean listens, View view) {
        int read = view.access().allows(listens ? Verb.LISTEN : Verb.RECEIVE, name) ? 0444 : 0;
        return read | (!listens && view.maySend(name) ? 0222 : 0);
    }

    /** Answers with what is known of a file, if it still is there; an open one always is. */
    private void known(int tag, Fid fid, Supplier<ByteBuf> answer) {
        if (fid.isOpen() || fid.node() instanceof Node.Special) {
            session.out().send(answer.get());
            return;
        }
        session.run(tag, tree.exists(fid.node(), fid.view()), exists -> {
            if (!exists) {
                throw new Refusal(Errno.ENOENT, "\"" + fid.node().path() + "\" is gone");
            }
            return answer.get();
        });
    }

    void get(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        body.i64();
        body.end();
        known(tag, fid, () -> attributes(tag, fid));
    }

    private ByteBuf attributes(int tag, Fid fid) {
        Node node = fid.node();
        int kind = node.isDirectory() ? S_IFDIR : S_IFREG;
        int user = fid.owner.shownUser();
        long began = session.site().beganSeconds();
        Answer answer = Answer.to(Type.TGETATTR, tag, session.alloc())
                .i64(BASIC)
                .qid(tree.qids().of(node))
                .i32(kind | permissions(node, fid.view()))
                .i32(user)
                .i32(user);
        long links = 1;
        answer.i64(links).i64(0).i64(0).i64(BLOCK).i64(0);
        // Read, changed, changed in its attributes; made; generation and version are not known.
        return answer.i64(began)
                .i64(0)
                .i64(began)
                .i64(0)
                .i64(began)
                .i64(0)
                .i64(0)
                .i64(0)
                .i64(0)
                .i64(0)
                .done();
    }

    void set(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        int valid = body.i32();
        int mode = body.i32();
        body.skip(8);
        long size = body.i64();
        int times = 4 * Long.BYTES;
        body.skip(times);
        body.end();
        boolean keepsMode = (valid & SET_MODE) == 0 || (mode & 0777) == permissions(fid.node(), fid.view());
        requireUnchanged(keepsMode && (valid & (SET_USER | SET_GROUP)) == 0, (valid & SET_SIZE) == 0 ? 0 : size);
        session.out().send(Answer.empty(Type.TSETATTR, tag, session.alloc()));
    }

    /** Modes and owners are not for clients to set, and no file has a length. Times are taken and mean nothing. */
    static void requireUnchanged(boolean isKept, long length) {
        if (!isKept) {
            throw new Refusal(Errno.EPERM, "modes and owners come from the access policy: change that");
        }
        if (length != -1 && length != 0) {
            throw new Refusal(Errno.EINVAL, "a channel has no length: it can be set to 0 only, without effect");
        }
    }

    void statFs(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        body.end();
        // Who does not see all channels learns no number either.
        Mono<Long> count = fid.view().mayManage("") ? tree.channels().count() : Mono.just(0L);
        session.run(
                tag,
                count,
                files -> Answer.to(Type.TSTATFS, tag, session.alloc())
                        .i32(MAGIC)
                        .i32(BLOCK)
                        .i64(0)
                        .i64(0)
                        .i64(0)
                        .i64(files)
                        .i64(0)
                        .i64(0)
                        .i32(LONGEST_NAME)
                        .done());
    }

    void stat(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        body.end();
        known(tag, fid, () -> {
            Answer answer = Answer.to(Type.TSTAT, tag, session.alloc());
            int position = answer.position();
            answer.u16(0);
            Node node = fid.node();
            write(answer, node.name(), tree.qids().of(node), permissions(node, fid.view()), fid.owner);
            return answer.lengthAt(position).done();
        });
    }

    /** An entry of a directory as stat(5) has it. */
    void write(Answer answer, Child child, Qid qid, Fid.Owner owner) {
        write(answer, child.name(), qid, permissions(child, owner.view()), owner);
    }

    private static int permissions(Child child, View view) {
        if (child.isDirectory()) {
            return permissions(new Node.Directory(child.path()), view);
        }
        return child.place().isEmpty()
                ? permissions(new Node.Special(child.path(), child.name().equals(Node.CTL)), view)
                : permissions(child.path(), false, view);
    }

    /** How many bytes {@link #write(Answer, Child, Qid, Fid.Owner)} writes. */
    int statSize(String name, Fid.Owner owner) {
        int names = bytes(name) + 3 * bytes(owner.name());
        return STAT + names + (session.dialect().isNumeric() ? STAT_NUMERIC : 0);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private void write(Answer answer, String name, Qid qid, int permissions, Fid.Owner owner) {
        int began = (int) session.site().beganSeconds();
        int position = answer.position();
        answer.u16(0)
                .u16(0)
                .i32(0)
                .qid(qid)
                .i32((qid.isDirectory() ? DMDIR : 0) | permissions)
                .i32(began)
                .i32(began)
                .i64(0)
                .text(name)
                .text(owner.name())
                .text(owner.name())
                .text(owner.name());
        if (session.dialect().isNumeric()) {
            int user = owner.shownUser();
            answer.text("").i32(user).i32(user).i32(user);
        }
        answer.lengthAt(position);
    }
}
