package dev.sluice.ninep.tree;

import dev.sluice.channel.Channels;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What is in a directory, from a place on. The names of channels come in their order; what is below a directory inside is passed over in one step, so
 * that it costs what is shown and not what is behind it. Directories that were made and have no channel come after those that have one.
 *
 * <p>A name can be both a channel and the beginning of others: then it is a directory, and listed once, where its channel is.
 */
final class Children {

    private final Channels channels;
    private final Directories made;

    Children(Channels channels, Directories made) {
        this.channels = channels;
        this.made = made;
    }

    /** What is in a directory, behind an entry of it; null for all. Lazy; what is listed is read as it is asked for. */
    Flux<Child> in(Node.Directory directory, View view, @Nullable Child after) {
        boolean isBehind = after != null && after.isMade();
        Flux<Child> empty = madeOnly(directory, view, isBehind ? after : null);
        return isBehind ? empty : withChannels(directory, view, after).concatWith(empty);
    }

    private static String prefix(Node.Directory directory) {
        return directory.path().isEmpty() ? "" : directory.path() + "/";
    }

    private Flux<Child> withChannels(Node.Directory directory, View view, @Nullable Child after) {
        String prefix = prefix(directory);
        return Flux.defer(() -> {
            Walk walk = new Walk(prefix.length(), after);
            return Flux.defer(() -> channels.list(prefix, walk.after))
                    .filter(view::sees)
                    .<Child>handle((name, sink) -> {
                        Child child = walk.child(name);
                        if (child != null) {
                            sink.next(child);
                        } else if (walk.isOver) {
                            sink.complete();
                        }
                    })
                    .concatMap(child -> entry(child, view))
                    // Begins again behind each directory inside, until there is nothing more.
                    .repeat(walk::goesOn);
        });
    }

    /** Where a listing stands. One at a time. */
    private static final class Walk {
        private final int prefix;
        private String after;
        private @Nullable String passed;

        /** A directory inside has been met: the listing goes on behind it. */
        private boolean isOver;

        Walk(int prefix, @Nullable Child from) {
            this.prefix = prefix;
            this.after = from == null ? "" : from.place();
            this.passed = passedBy(from);
        }

        /** The entry a channel's name is found by; null when it ends a step, or is of no account. */
        @Nullable Child child(String name) {
            if (isOver || (passed != null && name.startsWith(passed))) {
                return null;
            }
            Child child = Child.of(prefix, name, false);
            after = child.place();
            passed = passedBy(child);
            isOver = child.isDirectory();
            return child;
        }

        boolean goesOn() {
            boolean again = isOver;
            isOver = false;
            return again;
        }
    }

    /** What is below an entry that stands for it. */
    private static @Nullable String passedBy(@Nullable Child child) {
        return child != null && child.isPassedOver() ? child.path() + "/" : null;
    }

    /** As it is to be shown: a channel with others below it is a directory, and such a directory is not shown again. */
    private Mono<Child> entry(Child child, View view) {
        if (child.isDirectory()) {
            return channels.find(child.path())
                    .hasElement()
                    .mapNotNull(isChannel -> isChannel && view.sees(child.path()) ? null : child);
        }
        if (made.contains(child.path())) {
            return Mono.just(child.asDirectory());
        }
        return channels.list(child.path() + "/")
                .filter(view::sees)
                .hasElements()
                .map(has -> has ? child.asDirectory() : child);
    }

    private Flux<Child> madeOnly(Node.Directory directory, View view, @Nullable Child after) {
        int prefix = prefix(directory).length();
        @Nullable String passed = passedBy(after);
        return Flux.fromIterable(() -> paths(directory, after))
                .filter(path -> passed == null || !path.startsWith(passed))
                .map(path -> Child.of(prefix, path, true))
                .distinctUntilChanged(Child::place)
                // One that was made itself has a place of its own.
                .filter(child -> !(child.isPassedOver() && made.isMade(child.path())) && view.seesBelow(child.path()))
                .concatMap(child -> channels.list(child.path())
                        .filter(view::sees)
                        .hasElements()
                        .mapNotNull(has -> has ? null : child));
    }

    private Iterator<String> paths(Node.Directory directory, @Nullable Child after) {
        return made.below(directory.path(), after == null ? "" : after.place()).iterator();
    }
}
