package dev.sluice.ninep.session;

import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * {@code ctl} or {@code stats}, opened. What is read is one report, made when the file is first read, so that many short reads fit together; what is
 * written are commands, and a write fails when one of them does.
 */
final class OpenReport implements OpenFile {

    /** More than commands for a hundred channels. */
    private static final int LONGEST_WRITE = 64 << 10;

    private final Session session;
    private final Mode mode;
    private final Mono<byte[]> report;
    private final @Nullable Function<String, Mono<Void>> commands;
    private byte @Nullable [] read;
    private boolean isClosed;

    /**
     * An open report.
     *
     * @param report makes it
     * @param commands carries out what is written, null where nothing is
     */
    OpenReport(Session session, Mode mode, Mono<byte[]> report, @Nullable Function<String, Mono<Void>> commands) {
        this.session = session;
        this.mode = mode;
        this.report = report;
        this.commands = commands;
    }

    @Override
    public void read(int tag, long offset, int count) {
        if (!mode.reads()) {
            throw OpenFile.notForReading();
        }
        byte[] known = read;
        if (known != null) {
            session.out().send(part(known, tag, offset, count));
            return;
        }
        session.run(tag, session.inTurn(report), made -> part(kept(made), tag, offset, count));
    }

    /** What is read from now on: the first report that was made since the file was opened. */
    private byte[] kept(byte[] made) {
        byte[] known = read;
        if (known == null) {
            known = made;
            if (!isClosed) {
                session.requireBuffer(made.length);
                session.buffer(made.length);
                read = made;
            }
        }
        return known;
    }

    private ByteBuf part(byte[] all, int tag, long offset, int count) {
        int from = offset < 0 || offset > all.length ? all.length : (int) offset;
        int bytes = Math.min(Math.min(count, session.longestAnswer()), all.length - from);
        return Answer.to(Type.TREAD, tag, session.alloc())
                .i32(bytes)
                .raw(all, from, bytes)
                .done();
    }

    @Override
    public void write(int tag, byte[] data) {
        if (!mode.writes() || commands == null) {
            OpenFile.super.write(tag, data);
            return;
        }
        if (data.length > LONGEST_WRITE) {
            throw new Refusal(Errno.EINVAL, "commands are written " + LONGEST_WRITE + " bytes at a time at most");
        }
        String written = new String(data, StandardCharsets.UTF_8);
        Mono<Integer> done = commands.apply(written)
                .thenReturn(data.length)
                .doOnError(refused -> session.site().warnings().say(session + ": " + refused.getMessage()));
        session.run(tag, done, bytes -> OpenFile.written(session, tag, bytes));
    }

    @Override
    public void close() {
        isClosed = true;
        byte[] known = read;
        if (known != null) {
            session.buffer(-known.length);
            read = null;
        }
    }
}
