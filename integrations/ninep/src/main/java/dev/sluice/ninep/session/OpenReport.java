package dev.sluice.ninep.session;

import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Type;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * {@code ctl} or {@code stats}, opened. What is read is one report, made when the file is first read, so that many short reads fit together; what is
 * written are commands, and a write fails when one of them does.
 */
final class OpenReport implements OpenFile {

    private static final Logger LOG = LoggerFactory.getLogger(OpenReport.class);

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
        // A hundred thousand lines take a while: not on the event loop.
        this.report = report.subscribeOn(Schedulers.parallel()).cache();
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
        session.run(tag, report, made -> {
            if (read == null && !isClosed) {
                session.requireBuffer(made.length);
                session.buffer(made.length);
                read = made;
            }
            return part(made, tag, offset, count);
        });
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
        String written = new String(data, StandardCharsets.UTF_8);
        Mono<Integer> done = commands.apply(written)
                .thenReturn(data.length)
                .doOnError(refused -> LOG.warn("{}: {}", session, refused.getMessage()));
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
