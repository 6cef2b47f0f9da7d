package dev.sluice.ninep.session;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * What looks at all channels, for reports and lists: off the event loop, because that can take a while, and one at a time for a connection, whatever it
 * asks for. What is cancelled while it waits its turn is not begun, what runs then is stopped. Used on the event loop only.
 */
final class OneAtATime {

    private final ArrayDeque<Consumer<Runnable>> waiting = new ArrayDeque<>(1);
    private final Consumer<Runnable> loop;
    private boolean isBusy;

    /**
     * Nothing yet.
     *
     * @param loop runs something on the event loop
     */
    OneAtATime(Consumer<Runnable> loop) {
        this.loop = loop;
    }

    /** Does something when it is its turn. Subscribe on the event loop; it emits elsewhere. */
    <T> Mono<T> inTurn(Mono<T> work) {
        return Mono.create(sink -> {
            Disposable.Swap running = Disposables.swap();
            sink.onDispose(running);
            waiting.add(over -> begin(work, sink, running, over));
            next();
        });
    }

    private static <T> void begin(Mono<T> work, MonoSink<T> sink, Disposable.Swap running, Runnable over) {
        if (running.isDisposed()) {
            over.run();
            return;
        }
        running.update(work.subscribeOn(Schedulers.boundedElastic())
                .doFinally(how -> over.run())
                .subscribe(sink::success, sink::error, sink::success));
    }

    private void next() {
        if (isBusy) {
            return;
        }
        Consumer<Runnable> turn = waiting.poll();
        if (turn != null) {
            isBusy = true;
            turn.accept(() -> loop.accept(() -> {
                isBusy = false;
                next();
            }));
        }
    }
}
