package dev.sluice.hub.cli;

import dev.sluice.Frame;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/**
 * Frames of an input: each line is one, or each piece of some size. Read a little ahead of what is asked for, on a thread of their
 * own, which may block.
 */
final class InputFrames {

    /** The most a hub takes. */
    static final int LONGEST = 16 << 20;

    private static final int BUFFER = 256 << 10;
    private static final int LINES_AHEAD = 32;
    private static final int BYTES_AHEAD = 1 << 20;

    private final InputStream input;
    private volatile long bytes;

    private InputFrames(InputStream input) {
        this.input = input;
    }

    static InputFrames of(InputStream input) {
        return new InputFrames(new BufferedInputStream(input, BUFFER));
    }

    /** How much was read. */
    long bytes() {
        return bytes;
    }

    /** A frame for each line, without what ends it; the last line needs no end. */
    Flux<Frame> lines() {
        return frames(this::line, LINES_AHEAD);
    }

    /** A frame for each piece; shorter ones when there is no more to read at the moment. */
    Flux<Frame> pieces(int size) {
        byte[] buffer = new byte[size];
        return frames(() -> piece(buffer), Math.max(1, Math.min(LINES_AHEAD, BYTES_AHEAD / size)));
    }

    private interface Reader {
        @Nullable Frame next() throws IOException;
    }

    /** Reads a little ahead: only so it sees the end of the input when nobody asks for more. */
    private static Flux<Frame> frames(Reader reader, int ahead) {
        return Flux.<Frame>generate(sink -> emit(reader, sink))
                // One that may block, as reading does.
                .subscribeOn(Schedulers.newBoundedElastic(1, Integer.MAX_VALUE, "stdin", 60, true))
                .publishOn(Schedulers.parallel(), ahead);
    }

    private static void emit(Reader reader, SynchronousSink<Frame> sink) {
        try {
            Frame next = reader.next();
            if (next == null) {
                sink.complete();
            } else {
                sink.next(next);
            }
        } catch (IOException broken) {
            sink.error(new CommandFailure(
                    ErrorCode.IO, "cannot read standard input: " + Diagnosis.firstLine(broken), broken));
        } catch (CommandFailure refused) {
            sink.error(refused);
        }
    }

    private @Nullable Frame line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int next = input.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (line.size() == LONGEST) {
                throw new CommandFailure(
                        ErrorCode.TOO_LARGE,
                        "a line is longer than the " + LONGEST
                                + " bytes a frame may have: send it with --raw --frame-size 64KiB");
            }
            line.write(next);
            next = input.read();
        }
        count(line.size() + (next < 0 ? 0 : 1));
        return Frame.wrap(line.toByteArray());
    }

    private @Nullable Frame piece(byte[] buffer) throws IOException {
        int length = input.read(buffer);
        while (length >= 0 && length < buffer.length && input.available() > 0) {
            int more = input.read(buffer, length, buffer.length - length);
            if (more < 0) {
                break;
            }
            length += more;
        }
        if (length < 0) {
            return null;
        }
        count(length);
        return Frame.wrap(Arrays.copyOf(buffer, length));
    }

    /** Only the thread that reads counts. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void count(int more) {
        bytes += more;
    }
}
