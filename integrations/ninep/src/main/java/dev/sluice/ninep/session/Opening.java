package dev.sluice.ninep.session;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.ninep.tree.Node;
import dev.sluice.ninep.tree.Tree;
import dev.sluice.ninep.tree.View;
import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Body;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.security.Verb;
import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Mono;

/** Files are opened, made and opened, and closed. */
final class Opening {

    /** Links, devices, pipes and sockets of 9P2000.u. */
    private static final int DM_OTHERS = 0x03B0_0000;

    private static final int O_EXCL = 0200;
    private static final int O_DIRECTORY = 0200000;

    /** How much fits into a read is for the client to reckon from the size of messages. */
    private static final int NO_IOUNIT = 0;

    private final Session session;
    private final Tree tree;

    Opening(Session session) {
        this.session = session;
        this.tree = session.site().tree();
    }

    void open(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        Mode mode = Mode.plan9(body.u8());
        body.end();
        open(Type.TOPEN, tag, fid, mode);
    }

    void openLinux(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        int flags = body.i32();
        body.end();
        if ((flags & O_DIRECTORY) != 0) {
            fid.requireDirectory();
        }
        open(Type.TLOPEN, tag, fid, Mode.linux(flags));
    }

    private void open(int type, int tag, Fid fid, Mode mode) {
        fid.requireClosed();
        Node node = fid.node();
        if (node instanceof Node.ChannelFile file) {
            requireRights(fid.view(), file, mode);
            session.run(tag, tree.current(file), channel -> opened(type, tag, fid, file, channel, mode));
            return;
        }
        if (node instanceof Node.Directory directory) {
            if (mode.writes()) {
                throw new Refusal(Errno.EISDIR, "\"" + node.path() + "\" is a directory");
            }
            fid.open(new OpenDirectory(session, directory, fid.owner), mode.removes());
        } else {
            fid.open(special((Node.Special) node, fid.view(), mode), false);
        }
        session.out().send(answer(type, tag, node));
    }

    private ByteBuf opened(int type, int tag, Fid fid, Node.ChannelFile file, Channel<Frame> channel, Mode mode) {
        fid.requireClosed();
        if (session.fids().require(fid.number) != fid) {
            throw new Refusal(Errno.EBADF, "fid " + fid.number + " was clunked while its file was being opened");
        }
        fid.node(new Node.ChannelFile(channel, file.reader()));
        fid.open(new OpenChannel(session, channel, file.reader(), mode), mode.removes());
        return answer(type, tag, fid.node());
    }

    private ByteBuf answer(int type, int tag, Node node) {
        return Answer.to(type, tag, session.alloc())
                .qid(tree.qids().of(node))
                .i32(NO_IOUNIT)
                .done();
    }

    private static void requireRights(View view, Node.ChannelFile file, Mode mode) {
        requireRights(view, file.channel().name(), file.reader() instanceof Node.Listener, mode);
    }

    private static void requireRights(View view, String name, boolean listens, Mode mode) {
        if (mode.reads() && !view.access().allows(listens ? Verb.LISTEN : Verb.RECEIVE, name)) {
            throw new Refusal(Errno.EACCES, "to read \"" + name + "\" is not allowed to this user");
        }
        if (mode.writes() && (listens || !view.maySend(name))) {
            throw new Refusal(
                    Errno.EACCES,
                    listens
                            ? "a listener only listens: write to \"" + name + "\""
                            : "to write \"" + name + "\" is not allowed to this user");
        }
    }

    private OpenFile special(Node.Special file, View view, Mode mode) {
        Site site = session.site();
        if (file.isCtl()) {
            return new OpenReport(
                    session,
                    mode,
                    site.reports().ctl(view),
                    written -> site.commands().run(written, view, session.leases()));
        }
        if (mode.writes()) {
            throw new Refusal(Errno.EACCES, "\"" + Node.STATS + "\" is only read");
        }
        return new OpenReport(session, mode, site.reports().stats(view), null);
    }

    void create(int tag, Body body, Dialect dialect) {
        Fid fid = session.fids().require(body.i32());
        String name = body.text();
        int permissions = body.i32();
        int mode = body.u8();
        if (dialect.isNumeric()) {
            body.text();
        }
        body.end();
        if ((permissions & Attributes.DMDIR) != 0) {
            createDirectory(tag, fid, name);
            return;
        }
        if (dialect.isNumeric() && (permissions & DM_OTHERS) != 0) {
            throw new Refusal(Errno.EOPNOTSUPP, "there are only channels and directories here");
        }
        create(Type.TCREATE, tag, fid, name, Mode.plan9(mode), false);
    }

    private void createDirectory(int tag, Fid fid, String name) {
        fid.requireClosed();
        session.run(tag, tree.makeDirectory(fid.requireDirectory(), name, fid.view()), made -> {
            fid.node(made);
            fid.open(new OpenDirectory(session, made, fid.owner), false);
            return answer(Type.TCREATE, tag, made);
        });
    }

    void createLinux(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        String name = body.text();
        int flags = body.i32();
        body.i32();
        body.i32();
        body.end();
        create(Type.TLCREATE, tag, fid, name, Mode.linux(flags), (flags & O_EXCL) != 0);
    }

    private void create(int type, int tag, Fid fid, String name, Mode mode, boolean exclusive) {
        fid.requireClosed();
        Node.Directory directory = fid.requireDirectory();
        // Before anything is made.
        requireRights(fid.view(), directory.child(name), false, mode);
        session.run(
                tag,
                tree.create(directory, name, fid.view(), exclusive),
                made -> opened(type, tag, fid, made, made.channel(), mode));
    }

    /** A fid is given up. That never fails. */
    void clunk(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        body.end();
        session.fids().remove(fid);
        fid.close();
        if (fid.isRemovedWhenClunked()) {
            Mono<Boolean> removed =
                    tree.remove(fid.node(), fid.view()).onErrorComplete().thenReturn(true);
            session.run(tag, removed, done -> Answer.empty(Type.TCLUNK, tag, session.alloc()));
        } else {
            session.out().send(Answer.empty(Type.TCLUNK, tag, session.alloc()));
        }
    }
}
