package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One run of a command: what it is told goes to its input, and each line it prints to the reader, when that asks for one. A program that prints more
 * waits in its pipe. Cancelled, it is ended.
 *
 * <p>Signals come one after the other: {@link #refuse} before it runs, all others on the thread that runs it.
 */
final class CommandRun implements Subscription, Runnable {

    private final CommandCalls calls;
    private final ProcessBuilder builder;
    private final Frame input;
    private final CoreSubscriber<? super Frame> reader;

    // Guarded by this.
    private long demand;
    private boolean cancelled;
    private boolean ending;
    private @Nullable Process process;

    CommandRun(CommandCalls calls, ProcessBuilder builder, Frame input, CoreSubscriber<? super Frame> reader) {
        this.calls = calls;
        this.builder = builder;
        this.input = input;
        this.reader = reader;
    }

    void begin() {
        reader.onSubscribe(this);
        calls.enter(this);
        if (isCancelled()) {
            // While it entered.
            calls.withdraw(this);
        }
    }

    /** Instead of being run. */
    void refuse(RuntimeException why) {
        if (!isCancelled()) {
            reader.onError(why);
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            synchronized (this) {
                demand = Operators.addCap(demand, n);
                notifyAll();
            }
        }
    }

    /** Ends the program, on another thread: that looks at files. Its place is free when it has ended. */
    @Override
    public void cancel() {
        Process started;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            started = process;
            notifyAll();
        }
        if (started == null) {
            calls.withdraw(this);
        } else {
            end(started);
        }
    }

    /** Ends the program for another reason than that nobody reads it; the reader is told what it ended with. */
    void end() {
        Process started;
        synchronized (this) {
            ending = true;
            started = process;
        }
        if (started != null) {
            end(started);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // neither fails
    private void end(Process started) {
        calls.threads().execute(() -> ProcessTree.of(started).end(calls.grace()));
        // Something it has left behind may keep its output open for ever.
        started.onExit().thenRun(() -> calls.leave(this));
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void run() {
        Throwable failure = null;
        try {
            failure = runProgram();
        } catch (IOException broken) {
            failure = failed("failed: " + broken.getMessage());
        } catch (InterruptedException stopped) {
            failure = failed("was interrupted");
        } catch (RuntimeException refused) {
            failure = refused;
        } finally {
            calls.leave(this);
        }
        if (isCancelled()) {
            return;
        }
        if (failure == null) {
            reader.onComplete();
        } else {
            reader.onError(failure);
        }
    }

    /** How it failed; null when it did not. */
    private @Nullable Throwable runProgram() throws IOException, InterruptedException {
        synchronized (this) {
            if (cancelled) {
                return null;
            }
            if (ending) {
                return CommandCalls.leaving();
            }
        }
        Process started = builder.start();
        boolean late;
        synchronized (this) {
            process = started;
            late = cancelled || ending;
        }
        if (late) {
            end(started);
        }
        calls.threads().execute(() -> write(started));
        try (InputStream output = new BufferedInputStream(started.getInputStream())) {
            Frame line = line(output);
            while (line != null && isAskedFor()) {
                reader.onNext(line);
                line = line(output);
            }
        } catch (IOException | RuntimeException broken) {
            // It goes on printing, and nobody reads it.
            end(started);
            throw broken;
        }
        int code = started.waitFor();
        return code == 0 ? null : failed("ended with " + code);
    }

    /** Without what ends it; null when there is no more. */
    private @Nullable Frame line(InputStream output) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int next = output.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (line.size() == InputFrames.LONGEST) {
                throw Failures.of(
                        Code.TOO_LARGE,
                        builder.command().get(0) + " printed a line longer than the " + InputFrames.LONGEST
                                + " bytes a frame may have");
            }
            line.write(next);
            next = output.read();
        }
        return Frame.wrap(line.toByteArray());
    }

    /** Waits until one more is; false when none ever will be. */
    private synchronized boolean isAskedFor() throws InterruptedException {
        while (demand == 0 && !cancelled) {
            wait();
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        return !cancelled;
    }

    /** It need not read what it is told. */
    private void write(Process started) {
        try (OutputStream told = started.getOutputStream()) {
            input.writeTo(told);
        } catch (IOException notRead) {
            return;
        }
    }

    private RuntimeException failed(String how) {
        return Failures.of(Code.FAILED, builder.command().get(0) + " " + how);
    }
}
