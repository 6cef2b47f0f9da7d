package dev.sluice.hub.cli;

import dev.sluice.hub.control.TopOrder;
import dev.sluice.hub.control.TopView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * {@code sluice top} on a terminal. One thread draws and decides, on what the hub's looks and the keys put into its queue; the screen and the keys are
 * given back however it ends.
 */
final class LiveTop {

    private static final long REDRAW_MILLIS = 1_000;

    /** What happened. */
    private sealed interface Event permits Looked, Pressed, Failed {}

    private record Looked(Source from, TopLook look) implements Event {}

    private record Pressed(int key) implements Event {}

    private record Failed(Source from, Throwable failure) implements Event {}

    private final Function<TopOrder, Flux<TopLook>> looks;
    private final TopPicture picture;
    private final Duration every;
    private final PrintWriter out;
    private final Terminal terminal = new Terminal();
    private final Inbox<Event> events = new Inbox<>();
    private final Disposable.Swap source = Disposables.swap();

    private TopOrder order;
    private @Nullable TopLook last;
    private long lastAt = System.nanoTime();
    private boolean hearsKeys;

    LiveTop(
            Function<TopOrder, Flux<TopLook>> looks,
            TopPicture picture,
            TopOrder order,
            Duration every,
            PrintWriter out) {
        this.looks = looks;
        this.picture = picture;
        this.order = order;
        this.every = every;
        this.out = out;
    }

    /** Draws until a key, an error or a signal ends it; the exit code. */
    int run() throws InterruptedException {
        // Says what is wrong with the hub before the terminal is touched.
        look(looks.apply(order));
        Screen screen = new Screen(out);
        Keys keys = new Keys();
        Restored atTheEnd = Restored.atTheEnd(() -> {
            screen.close();
            keys.close();
        });
        try {
            boolean drawn = false;
            while (true) {
                Event event = events.poll(TimeUnit.MILLISECONDS.toNanos(REDRAW_MILLIS));
                if (event instanceof Pressed pressed && pressed.key == 'q') {
                    return 0;
                }
                take(event);
                TopLook look = last;
                if (look != null) {
                    if (!drawn) {
                        drawn = true;
                        hearsKeys = keys.listen(key -> events.add(new Pressed(key)));
                    }
                    draw(screen, look);
                }
                if (Terminal.isGone(out)) {
                    return BaseCommand.NOBODY_READS;
                }
            }
        } finally {
            atTheEnd.close();
            source.dispose();
        }
    }

    private void take(@Nullable Event event) {
        if (event instanceof Looked looked && source.get() == looked.from) {
            last = looked.look;
            lastAt = System.nanoTime();
        } else if (event instanceof Pressed pressed && pressed.key == 's') {
            List<TopOrder> all = List.of(TopOrder.values());
            order = all.get((all.indexOf(order) + 1) % all.size());
            // The next look is the first of a new row, which has no rates: what is there already is good until then.
            look(looks.apply(order).skip(1));
        } else if (event instanceof Failed failed && source.get() == failed.from) {
            throw Exceptions.propagate(failed.failure);
        }
    }

    private void look(Flux<TopLook> from) {
        Source next = new Source();
        source.update(next);
        from.subscribe(next);
    }

    private void draw(Screen screen, TopLook look) {
        Terminal.Size size = terminal.size();
        screen.show(picture.lines(sorted(look), note(), size.columns()), size.rows());
    }

    private TopLook sorted(TopLook look) {
        TopView view = look.view();
        List<TopView.Line> lines =
                view.channels().stream().sorted(order.comparator()).toList();
        return new TopLook(
                look.info(),
                new TopView(
                        lines,
                        view.looked(),
                        view.buffered(),
                        view.waitingSends(),
                        view.acceptedPerSecond(),
                        view.deliveredPerSecond(),
                        view.droppedPerSecond()));
    }

    private String note() {
        Duration silence = Duration.ofNanos(System.nanoTime() - lastAt);
        if (silence.compareTo(every.multipliedBy(2).plusSeconds(1)) > 0) {
            return "The hub has not answered for " + silence.toSeconds() + " s";
        }
        return "by " + order + (hearsKeys ? "; s: next order, q: quit" : "; Ctrl-C: quit");
    }

    /** The looks of one order. */
    private final class Source extends BaseSubscriber<TopLook> {
        @Override
        protected void hookOnNext(TopLook look) {
            events.add(new Looked(this, look));
        }

        @Override
        protected void hookOnComplete() {
            events.add(new Failed(
                    this, new CommandFailure(ErrorCode.LEAVING, "the hub tells nothing more: it is being stopped")));
        }

        @Override
        protected void hookOnError(Throwable failure) {
            events.add(new Failed(this, failure));
        }
    }
}
