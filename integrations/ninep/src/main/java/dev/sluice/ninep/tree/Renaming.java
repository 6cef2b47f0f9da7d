package dev.sluice.ninep.tree;

import dev.sluice.ChannelExistsException;
import dev.sluice.channel.Channels;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Gives channels other names, one, or all of a directory. Who may not is told so before anything is looked up. Thread safe; everything is lazy. */
final class Renaming {

    private final Channels channels;
    private final Directories made;

    Renaming(Channels channels, Directories made) {
        this.channels = channels;
        this.made = made;
    }

    /** Whether there is a channel of a name, or one below, or a directory; whoever sees it. */
    Mono<Boolean> isTaken(String path) {
        return made.contains(path) ? Mono.just(true) : channels.list(path).hasElements();
    }

    Mono<Void> channel(String from, String to, View view) {
        return Mono.defer(() -> {
            requireRights(from, to, view);
            return free(to).then(moved(from, to));
        });
    }

    /** Everything is looked at before anything is moved; then one is moved after the other. */
    Mono<Void> directory(String from, String to, View view) {
        return Mono.defer(() -> {
            if (to.startsWith(from + "/")) {
                throw new Refusal(Errno.EINVAL, "the directory \"" + from + "\" cannot be moved into itself");
            }
            requireRights(from, to, view);
            return free(to).then(channels.list(from).collectList())
                    .flatMap(names -> allMoved(names, from, to, view))
                    .then(Mono.fromRunnable(() -> made.move(from, to)));
        });
    }

    private Mono<Void> allMoved(List<String> names, String from, String to, View view) {
        names.forEach(name -> requireRights(name, to + name.substring(from.length()), view));
        return Flux.fromIterable(names)
                .concatMap(name -> moved(name, to + name.substring(from.length())))
                .then();
    }

    private static void requireRights(String from, String to, View view) {
        view.requireManage(from, "to rename");
        view.requireManage(to, "to rename to");
    }

    private Mono<Void> free(String to) {
        return isTaken(to).flatMap(taken -> taken ? Mono.error(taken(to)) : Mono.empty());
    }

    private static Refusal taken(String to) {
        return new Refusal(Errno.EEXIST, "there is \"" + to + "\" already: remove it first, if nobody needs it");
    }

    private Mono<Void> moved(String from, String to) {
        return channels.rename(from, to)
                .onErrorMap(ChannelExistsException.class, there -> taken(to))
                .flatMap(was -> was
                        ? Mono.empty()
                        : Mono.error(new Refusal(Errno.ENOENT, "there is no channel \"" + from + "\"")));
    }
}
