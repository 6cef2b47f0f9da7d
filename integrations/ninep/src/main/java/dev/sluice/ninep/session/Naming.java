package dev.sluice.ninep.session;

import dev.sluice.ninep.tree.Node;
import dev.sluice.ninep.tree.Tree;
import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Body;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Names come, change and go. */
final class Naming {

    private static final int AT_REMOVEDIR = 0x200;

    private final Session session;
    private final Tree tree;

    Naming(Session session) {
        this.session = session;
        this.tree = session.site().tree();
    }

    private Function<Object, ByteBuf> done(int type, int tag) {
        return done -> Answer.empty(type, tag, session.alloc());
    }

    /** The fid is given up also when its file cannot be removed. */
    void remove(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        body.end();
        session.fids().remove(fid);
        fid.close();
        session.run(tag, tree.remove(fid.node(), fid.view()).<Object>thenReturn(true), done(Type.TREMOVE, tag));
    }

    void unlinkAt(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        String name = body.text();
        boolean removesDirectory = (body.i32() & AT_REMOVEDIR) != 0;
        body.end();
        Mono<Object> removed = tree.walk(fid.requireDirectory(), name, fid.view())
                .flatMap(node -> {
                    if (node.isDirectory() != removesDirectory) {
                        throw new Refusal(
                                removesDirectory ? Errno.ENOTDIR : Errno.EISDIR,
                                "\"" + node.path() + "\" is another kind of file");
                    }
                    return tree.remove(node, fid.view()).thenReturn(true);
                });
        session.run(tag, removed, done(Type.TUNLINKAT, tag));
    }

    void makeDirectory(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        String name = body.text();
        body.i32();
        body.i32();
        body.end();
        session.run(
                tag,
                tree.makeDirectory(fid.requireDirectory(), name, fid.view()),
                made -> Answer.to(Type.TMKDIR, tag, session.alloc())
                        .qid(tree.qids().of(made))
                        .done());
    }

    void rename(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        Fid into = session.fids().require(body.i32());
        String name = body.text();
        body.end();
        session.run(tag, renamed(fid.node(), into.requireDirectory(), name, fid), done(Type.TRENAME, tag));
    }

    void renameAt(int tag, Body body) {
        Fid from = session.fids().require(body.i32());
        String old = body.text();
        Fid into = session.fids().require(body.i32());
        String name = body.text();
        body.end();
        Node.Directory target = into.requireDirectory();
        Mono<Object> renamed =
                tree.walk(from.requireDirectory(), old, from.view()).flatMap(node -> renamed(node, target, name, from));
        session.run(tag, renamed, done(Type.TRENAMEAT, tag));
    }

    private Mono<Object> renamed(Node node, Node.Directory into, String name, Fid by) {
        String before = node.path();
        return tree.rename(node, into, name, by.view())
                .doOnNext(after -> session.execute(() -> session.fids().moved(before, after.path())))
                .cast(Object.class);
    }

    /**
     * A Twstat: a new name, or what a file here has not. What is to stay as it is has all bits set, or is empty.
     */
    void writeStat(int tag, Body body, Dialect dialect) {
        Fid fid = session.fids().require(body.i32());
        body.u16();
        body.u16();
        int typeDeviceQid = 2 + 4 + 13;
        body.skip(typeDeviceQid);
        long mode = body.u32();
        body.u32();
        body.u32();
        long length = body.i64();
        String name = body.text();
        String user = body.text();
        String group = body.text();
        body.text();
        boolean keepsOwner = user.isEmpty() && group.isEmpty();
        if (dialect.isNumeric()) {
            body.text();
            int noUser = -1;
            keepsOwner &= body.i32() == noUser;
            keepsOwner &= body.i32() == noUser;
            body.i32();
        }
        body.end();
        boolean keepsMode = mode == 0xFFFF_FFFFL || (mode & 0777) == Attributes.permissions(fid.node(), fid.view());
        Attributes.requireUnchanged(keepsMode && keepsOwner, length);
        if (name.isEmpty() || name.equals(fid.node().name())) {
            session.out().send(Answer.empty(Type.TWSTAT, tag, session.alloc()));
            return;
        }
        String path = fid.node().path();
        int slash = path.lastIndexOf('/');
        Node.Directory parent = new Node.Directory(slash < 0 ? "" : path.substring(0, slash));
        session.run(tag, renamed(fid.node(), parent, name, fid), done(Type.TWSTAT, tag));
    }
}
