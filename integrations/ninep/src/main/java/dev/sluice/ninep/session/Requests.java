package dev.sluice.ninep.session;

import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Body;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import io.netty.buffer.ByteBuf;

/** Takes requests apart and hands them to those who know what to do. On the event loop of the session only. */
final class Requests {

    private final Session session;
    private final Walking walking;
    private final Opening opening;
    private final Naming naming;
    private final Attributes attributes;

    Requests(Session session) {
        this.session = session;
        this.walking = new Walking(session);
        this.opening = new Opening(session);
        this.naming = new Naming(session);
        this.attributes = new Attributes(session);
    }

    /** The connection begins anew. */
    void reset() {
        walking.reset();
    }

    Attributes attributes() {
        return attributes;
    }

    void begin(int type, int tag, Body body, Dialect dialect) {
        switch (type) {
            case Type.TREAD -> read(tag, body, dialect);
            case Type.TWRITE -> write(tag, body);
            case Type.TAUTH -> auth(body, dialect);
            case Type.TATTACH -> walking.attach(tag, body, dialect);
            case Type.TWALK -> walking.walk(tag, body);
            case Type.TCLUNK -> opening.clunk(tag, body);
            case Type.TREMOVE -> naming.remove(tag, body);
            case Type.TOPEN -> opening.open(tag, body);
            case Type.TLOPEN -> opening.openLinux(tag, body);
            case Type.TCREATE -> opening.create(tag, body, dialect);
            case Type.TLCREATE -> opening.createLinux(tag, body);
            case Type.TMKDIR -> naming.makeDirectory(tag, body);
            case Type.TRENAME -> naming.rename(tag, body);
            case Type.TRENAMEAT -> naming.renameAt(tag, body);
            case Type.TUNLINKAT -> naming.unlinkAt(tag, body);
            case Type.TREADDIR -> list(tag, body);
            case Type.TSTAT -> attributes.stat(tag, body);
            case Type.TWSTAT -> naming.writeStat(tag, body, dialect);
            case Type.TGETATTR -> attributes.get(tag, body);
            case Type.TSETATTR -> attributes.set(tag, body);
            case Type.TSTATFS -> attributes.statFs(tag, body);
            default -> small(type, tag, body);
        }
    }

    private void read(int tag, Body body, Dialect dialect) {
        Fid fid = session.fids().require(body.i32());
        long offset = body.i64();
        long count = body.u32();
        body.end();
        OpenFile file = fid.requireOpen();
        if (count == 0) {
            session.out()
                    .send(Answer.to(Type.TREAD, tag, session.alloc()).i32(0).done());
            return;
        }
        if (file instanceof OpenDirectory && dialect == Dialect.LINUX) {
            throw new Refusal(Errno.EISDIR, "a directory is read by Treaddir");
        }
        file.read(tag, offset, (int) Math.min(count, Integer.MAX_VALUE));
    }

    private void list(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        long place = body.i64();
        long count = body.u32();
        body.end();
        if (!(fid.requireOpen() instanceof OpenDirectory directory)) {
            throw new Refusal(Errno.ENOTDIR, "\"" + fid.node().path() + "\" is no directory");
        }
        directory.list(tag, place, (int) Math.min(count, Integer.MAX_VALUE));
    }

    private void write(int tag, Body body) {
        Fid fid = session.fids().require(body.i32());
        body.i64();
        fid.requireOpen().write(tag, body.data());
    }

    private static void auth(Body body, Dialect dialect) {
        body.i32();
        body.text();
        body.text();
        if (dialect.isNumeric()) {
            body.i32();
        }
        body.end();
        throw new Refusal(Errno.ENOENT, "nobody has to show here who they are: attach without authentication");
    }

    /** What is the same for every file, and what channels are not made for. */
    private void small(int type, int tag, Body body) {
        switch (type) {
            case Type.TFSYNC -> {
                session.fids().require(body.i32());
                // Whether data only, which older clients do not say.
                if (!body.isAtEnd()) {
                    body.i32();
                }
                body.end();
            }
            case Type.TLOCK -> {
                session.fids().require(body.i32());
                int typeFlagsStartLengthProcess = 1 + 4 + 8 + 8 + 4;
                body.skip(typeFlagsStartLengthProcess);
                body.text();
                body.end();
                session.out().send(Answer.to(type, tag, session.alloc()).u8(0).done());
                return;
            }
            case Type.TGETLOCK -> {
                session.out().send(unlocked(tag, body));
                return;
            }
            case Type.TREADLINK -> throw new Refusal(Errno.EINVAL, "there are no links here");
            case Type.TXATTRWALK, Type.TXATTRCREATE ->
                throw new Refusal(Errno.EOPNOTSUPP, "files have no extended attributes here");
            default -> throw new Refusal(Errno.EOPNOTSUPP, "there are only channels and directories here");
        }
        session.out().send(Answer.empty(type, tag, session.alloc()));
    }

    /** Nobody holds a lock: whoever asks for one gets it. */
    private ByteBuf unlocked(int tag, Body body) {
        session.fids().require(body.i32());
        body.u8();
        long start = body.i64();
        long length = body.i64();
        int process = body.i32();
        String client = body.text();
        body.end();
        int unlocked = 2;
        return Answer.to(Type.TGETLOCK, tag, session.alloc())
                .u8(unlocked)
                .i64(start)
                .i64(length)
                .i32(process)
                .text(client)
                .done();
    }
}
