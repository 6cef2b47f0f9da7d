package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Type;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A client of 9P that says what it is told to, over a socket. Used by one thread. */
final class Peer implements AutoCloseable {

    static final int ROOT = 0;
    private static final long NO_FID = 0xFFFF_FFFFL;
    private static final int PATIENCE_MILLIS = 20_000;

    final Dialect dialect;
    private final Socket socket;
    private final DataInputStream in;
    private final Map<Integer, Reply> early = new HashMap<>();
    private int nextTag = 1;
    private int nextFid = 100;
    private int messageSize;

    private Peer(NinePServer server, Dialect dialect) throws IOException {
        this.dialect = dialect;
        this.socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Connected, and nothing said. */
    static Peer silent(NinePServer server, Dialect dialect) {
        try {
            return new Peer(server, dialect);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connected, with a version, and attached to the root as {@link #ROOT}. */
    static Peer of(NinePServer server, Dialect dialect) {
        return of(server, dialect, 1 << 20, "glenda", "");
    }

    static Peer of(NinePServer server, Dialect dialect, int messageSize, String user, String directory) {
        Peer peer = silent(server, dialect);
        peer.version(messageSize);
        Reply attached = peer.attach(ROOT, user, directory);
        assertThat(attached.type).as("attached").isEqualTo(Type.TATTACH + 1);
        return peer;
    }

    int messageSize() {
        return messageSize;
    }

    int version(int asked) {
        Reply reply = call(Message.of(Type.TVERSION).u32(asked).text(dialect.version()), 0xFFFF);
        messageSize = reply.i32();
        assertThat(reply.text()).isEqualTo(dialect.version());
        return messageSize;
    }

    Reply attach(int fid, String user, String directory) {
        Message attach =
                Message.of(Type.TATTACH).u32(fid).u32(NO_FID).text(user).text(directory);
        return call(dialect.isNumeric() ? attach.u32(1000) : attach);
    }

    // Asking.

    /** Sends a request, and returns its tag. */
    int send(Message message) {
        int tag = nextTag++ % 0xFFFF;
        send(message, tag);
        return tag;
    }

    void send(Message message, int tag) {
        raw(message.encode(tag));
    }

    void raw(byte... bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply call(Message message) {
        return reply(send(message));
    }

    Reply call(Message message, int tag) {
        send(message, tag);
        return reply(tag);
    }

    /** The answer to a tag; others that come before are kept. */
    Reply reply(int tag) {
        Reply known = early.remove(tag);
        while (known == null) {
            Reply next = next();
            if (next.tag == tag) {
                known = next;
            } else {
                early.put(next.tag, next);
            }
        }
        return known;
    }

    /** Whatever comes next. */
    Reply next() {
        try {
            return read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reply read() throws IOException {
        int size = Integer.reverseBytes(in.readInt());
        int type = in.readUnsignedByte();
        int tag = Short.reverseBytes(in.readShort()) & 0xFFFF;
        byte[] body = new byte[size - 7];
        in.readFully(body);
        return new Reply(type, tag, body);
    }

    /** Whether the server closes the connection; answers that come before are left out. */
    boolean isClosed() {
        try {
            while (true) {
                read();
            }
        } catch (EOFException | SocketException closed) {
            return true;
        } catch (SocketTimeoutException silent) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every request before has been seen: answers come in order when nothing waits. */
    Peer settled() {
        assertThat(call(Message.of(Type.TFLUSH).u16(0xFFFE)).type).isEqualTo(Type.TFLUSH + 1);
        return this;
    }

    // Files.

    int fid() {
        return nextFid++;
    }

    Reply walk(int from, int to, String... names) {
        Message walk = Message.of(Type.TWALK).u32(from).u32(to).u16(names.length);
        for (String name : names) {
            walk.text(name);
        }
        return call(walk);
    }

    /** A fid of a path; fails when there is no such file. */
    int walkTo(String path) {
        int fid = fid();
        String[] names = path.isEmpty() ? new String[0] : path.split("/");
        Reply walked = walk(ROOT, fid, names);
        assertThat(walked.isError()).as("walk to " + path).isFalse();
        assertThat(walked.u16()).as("names walked of " + path).isEqualTo(names.length);
        return fid;
    }

    Reply openReply(int fid, int mode) {
        return call(
                dialect == Dialect.LINUX
                        ? Message.of(Type.TLOPEN).u32(fid).u32(mode)
                        : Message.of(Type.TOPEN).u32(fid).u8(mode));
    }

    /** An open fid of a path: 0 to read, 1 to write, 2 for both. */
    int open(String path, int mode) {
        int fid = walkTo(path);
        Reply opened = openReply(fid, mode);
        assertThat(opened.isError()).as("open " + path).isFalse();
        return fid;
    }

    Reply createReply(int directory, String name, int mode) {
        return call(
                dialect == Dialect.LINUX
                        ? Message.of(Type.TLCREATE)
                                .u32(directory)
                                .text(name)
                                .u32(mode)
                                .u32(0644)
                                .u32(0)
                        : numeric(Message.of(Type.TCREATE)
                                .u32(directory)
                                .text(name)
                                .u32(0644)
                                .u8(mode)));
    }

    /** Adds what 9P2000.u has besides: an empty extension. */
    private Message numeric(Message create) {
        return dialect == Dialect.UNIX ? create.text("") : create;
    }

    /** Makes a channel, and leaves it open for reading and writing. */
    int create(String directory, String name) {
        int fid = walkTo(directory);
        Reply created = createReply(fid, name, 2);
        assertThat(created.isError()).as("create " + name).isFalse();
        return fid;
    }

    Reply makeDirectory(String parent, String name) {
        int fid = walkTo(parent);
        return call(
                dialect == Dialect.LINUX
                        ? Message.of(Type.TMKDIR).u32(fid).text(name).u32(0755).u32(0)
                        : numeric(Message.of(Type.TCREATE)
                                .u32(fid)
                                .text(name)
                                .u32(0x8000_0000L | 0755)
                                .u8(0)));
    }

    static Message readOf(int fid, long count) {
        return Message.of(Type.TREAD).u32(fid).u64(0).u32(count);
    }

    static Message writeOf(int fid, String data) {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        return Message.of(Type.TWRITE).u32(fid).u64(0).u32(bytes.length).raw(bytes);
    }

    static Message clunkOf(int fid) {
        return Message.of(Type.TCLUNK).u32(fid);
    }

    String read(int fid, int count) {
        return call(readOf(fid, count)).data();
    }

    /** Everything a file says, from its beginning to its end. */
    String readAll(int fid) {
        StringBuilder all = new StringBuilder();
        while (true) {
            byte[] before = all.toString().getBytes(StandardCharsets.UTF_8);
            Reply part = call(Message.of(Type.TREAD).u32(fid).u64(before.length).u32(4096));
            assertThat(part.isError()).isFalse();
            String data = part.data();
            if (data.isEmpty()) {
                return all.toString();
            }
            all.append(data);
        }
    }

    Reply write(int fid, String data) {
        return call(writeOf(fid, data));
    }

    Reply flush(int tag) {
        return call(Message.of(Type.TFLUSH).u16(tag));
    }

    void clunk(int fid) {
        assertThat(call(clunkOf(fid)).type).isEqualTo(Type.TCLUNK + 1);
    }

    /** The error of an answer, by its number, or by its text where there is none. */
    Object error(Reply reply) {
        assertThat(reply.isError()).as("an error: " + reply).isTrue();
        return dialect == Dialect.PLAN9 ? reply.text() : (Object) reply.errno();
    }

    /** Ends the connection as a machine does that is switched off: without a word. */
    void kill() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
