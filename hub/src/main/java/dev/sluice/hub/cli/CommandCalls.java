package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers calls by running a command for each: one source, whose frames are the lines that it prints. A number of commands run at a time; further calls
 * wait, in the order in which they came, and those beyond a limit are refused. A call waits and runs as long as its source is read.
 *
 * <p>Thread safe. Programs are started, written to and read on threads of their own.
 */
final class CommandCalls implements Service {

    private static final String TAG = "SLUICE_TAG_";
    private static final int MOST_WAITING = 1_000;

    private final List<String> command;
    private final Frame header;
    private final Map<String, String> environment;
    private final Duration grace;
    private final int places;
    private final ExecutorService threads;

    /** Those that run, and those that wait for one of them to end. Guarded by this; no program is touched under it. */
    private final Set<CommandRun> running = new HashSet<>();

    private final Deque<CommandRun> waiting = new ArrayDeque<>();
    private final CountDownLatch idle = new CountDownLatch(1);
    private boolean closing;

    /**
     * Calls.
     *
     * @param command what runs, and its arguments
     * @param header of the source
     * @param environment more of it, besides that of this process and the tags of a call
     * @param places how many run at a time
     * @param grace between SIGTERM and SIGKILL for one that is to end
     */
    CommandCalls(List<String> command, String header, Map<String, String> environment, int places, Duration grace) {
        this.command = command;
        this.header = Frame.text(header);
        this.environment = environment;
        this.places = places;
        this.grace = grace;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "command");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public Publisher<Source> answer(Request request) {
        synchronized (this) {
            if (waiting.size() >= MOST_WAITING) {
                return Mono.error(tooMany());
            }
        }
        ProcessBuilder program = program(request);
        Frame input = request.body();
        Flux<Frame> lines = new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Frame> reader) {
                new CommandRun(CommandCalls.this, program, input, reader).begin();
            }
        };
        return Mono.just(Source.of(header, lines));
    }

    private RuntimeException tooMany() {
        return Failures.of(
                Code.LIMIT,
                MOST_WAITING + " calls wait for one of " + places + " places already: call later, or raise --jobs");
    }

    private ProcessBuilder program(Request request) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> all = builder.environment();
        // What this process itself was called with is not for others.
        all.keySet().removeIf(name -> name.startsWith(TAG));
        all.putAll(environment);
        request.tags().forEach((tag, value) -> {
            if (value.indexOf('\0') >= 0) {
                throw Failures.of(
                        Code.BAD_REQUEST, "tag \"" + tag + "\" has a NUL, which no variable of a program can hold");
            }
            all.put(TAG + tag.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_"), value);
        });
        return builder;
    }

    ExecutorService threads() {
        return threads;
    }

    Duration grace() {
        return grace;
    }

    /** Runs it now, later, or fails it. */
    void enter(CommandRun run) {
        RuntimeException refused = null;
        synchronized (this) {
            if (closing) {
                refused = leaving();
            } else if (running.size() < places) {
                running.add(run);
            } else if (waiting.size() < MOST_WAITING) {
                waiting.add(run);
                return;
            } else {
                refused = tooMany();
            }
        }
        if (refused == null) {
            threads.execute(run);
        } else {
            run.refuse(refused);
        }
    }

    /** It need not run any more, if it does not yet. */
    synchronized void withdraw(CommandRun run) {
        waiting.remove(run);
    }

    /** It has ended: the next one may run. Without effect when it was said before. */
    void leave(CommandRun run) {
        CommandRun next = null;
        synchronized (this) {
            if (running.remove(run)) {
                next = waiting.poll();
                if (next != null) {
                    running.add(next);
                }
            }
            if (closing && running.isEmpty()) {
                idle.countDown();
            }
        }
        if (next != null) {
            threads.execute(next);
        }
    }

    /** Ends: calls that wait are refused, those that run may finish within a time, and are ended then. Blocks. */
    void close(Duration patience) throws InterruptedException {
        takeNoMore();
        if (!idle.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            end();
            idle.await(grace.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        }
    }

    /** Refuses those that wait, and those that come. */
    private void takeNoMore() {
        List<CommandRun> refused;
        synchronized (this) {
            closing = true;
            refused = List.copyOf(waiting);
            waiting.clear();
            if (running.isEmpty()) {
                idle.countDown();
            }
        }
        refused.forEach(run -> run.refuse(leaving()));
    }

    /** Why a call does not run. */
    static RuntimeException leaving() {
        return Failures.of(Code.UNAVAILABLE, "the client that offers this service is leaving");
    }

    /** Ends those that run; no others run then. */
    void end() {
        takeNoMore();
        List<CommandRun> all;
        synchronized (this) {
            all = List.copyOf(running);
        }
        all.forEach(CommandRun::end);
    }
}
