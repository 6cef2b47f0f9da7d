package dev.sluice.ninep.command;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.spi.Amounts;
import dev.sluice.channel.spi.Nearest;
import dev.sluice.ninep.tree.Failures;
import dev.sluice.ninep.tree.View;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.switching.Diversion;
import dev.sluice.switching.Diversions;
import dev.sluice.switching.ServiceRegistry;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Carries out what is written to {@code ctl}. Channels are named as files are, from the root of who writes; services by their names. What a command
 * needs is what it needs elsewhere: {@code ADMIN} of what it changes, and {@code SEND} to where something is to go. Thread safe.
 */
public final class Commands {

    /** What each command looks like, by its first word. */
    private static final Map<String, Form> FORMS = forms();

    private static final int LONGEST_OWNER = 200;

    private final Channels channels;
    private final ServiceRegistry<Frame> registry;
    private final Diversions<Frame> diversions;

    /** Commands for these channels and services. */
    public Commands(Channels channels, ServiceRegistry<Frame> registry, Diversions<Frame> diversions) {
        this.channels = channels;
        this.registry = registry;
        this.diversions = diversions;
    }

    /** The first words there are. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(FORMS.keySet());
    }

    /** What a command looks like, and how many words it has. */
    private record Form(String text, int least, int most) {}

    private static Map<String, Form> forms() {
        Map<String, Form> forms = new LinkedHashMap<>();
        forms.put("capacity", new Form("capacity CHANNEL N", 3, 3));
        forms.put("retain", new Form("retain CHANNEL " + Amounts.RETENTION_FORMS, 3, 3));
        forms.put("close", new Form("close CHANNEL", 2, 2));
        forms.put("swap", new Form("swap SERVICE SERVICE", 3, 3));
        forms.put("divert", new Form("divert SERVICE CHANNEL, or /dev/null, or hold", 3, 3));
        forms.put("restore", new Form("restore SERVICE", 2, 2));
        forms.put(
                "lease",
                new Form(
                        "lease CHANNEL OWNER TIME, and for services that are aimed at it hold, /dev/null or a channel",
                        4,
                        5));
        forms.put("release", new Form("release CHANNEL", 2, 2));
        return forms;
    }

    /**
     * Carries out the lines of a write, one after the other, until one is refused; those before it are done. Lazy.
     *
     * @param leases those of the connection
     * @return fails with {@link Refusal}, whose message shows the line
     */
    public Mono<Void> run(String written, View view, Leases leases) {
        return Flux.defer(() -> Flux.fromIterable(Line.of(written)))
                .concatMap(line -> run(line, view, leases).onErrorMap(failure -> refusal(line, failure)))
                .then();
    }

    private Mono<Void> run(Line line, View view, Leases leases) {
        Mono<Void> done = switch (line.word(0)) {
            case "capacity" -> Mono.defer(() -> capacity(line, view, line.word(1), line.word(2)));
            case "retain" -> retain(line, view);
            case "close" -> onChannel(line, view, channel -> Mono.fromRunnable(channel::close));
            case "swap" -> swap(line, view);
            case "divert" -> divert(line, view);
            case "restore" -> restore(line, view);
            case "lease" -> lease(line, view, leases);
            case "release" -> release(line, view, leases);
            default -> line.word(0).startsWith("/") ? ancestral(line, view) : unknown(line);
        };
        return complete(line).then(done);
    }

    private static Mono<Void> unknown(Line line) {
        String word = line.word(0);
        String nearest = Nearest.to(word, FORMS.keySet());
        return Mono.error(line.refused(
                Errno.EINVAL,
                "there is no command \"" + word + "\""
                        + (nearest == null ? "" : ", did you mean " + nearest + "?") + "; there are "
                        + String.join(", ", FORMS.keySet()) + ", and /CHANNEL CAPACITY"));
    }

    /** Refuses a line that has fewer words than its command takes, or more. */
    private static Mono<Void> complete(Line line) {
        Form form = FORMS.get(line.word(0));
        return form == null || (line.count() >= form.least && line.count() <= form.most)
                ? Mono.empty()
                : Mono.error(line.refused(Errno.EINVAL, "write " + form.text));
    }

    /** {@code /pipeline 256}: the name goes up to the last blank. */
    private Mono<Void> ancestral(Line line, View view) {
        if (line.count() == 2) {
            return capacity(line, view, line.word(0), line.word(1));
        }
        int blank = line.text().lastIndexOf(' ');
        return blank < 0
                ? Mono.error(line.refused(Errno.EINVAL, "write /CHANNEL CAPACITY, as /pipeline 256"))
                : capacity(
                        line,
                        view,
                        line.text().substring(0, blank).strip(),
                        line.text().substring(blank + 1));
    }

    private Mono<Void> capacity(Line line, View view, String channel, String number) {
        return Mono.defer(() -> {
            if (!number.matches("[0-9]{1,9}") || Integer.parseInt(number) > ChannelOptions.MAX_CAPACITY) {
                throw line.refused(
                        Errno.EINVAL,
                        "a capacity is a whole number from 0, for a rendezvous, to " + ChannelOptions.MAX_CAPACITY);
            }
            return onChannel(line, view, channel, found -> found.resize(Integer.parseInt(number)));
        });
    }

    private Mono<Void> retain(Line line, View view) {
        return onChannel(line, view, found -> found.retain(Amounts.retention(line.word(2))));
    }

    private Mono<Void> onChannel(Line line, View view, Function<Channel<Frame>, Mono<Void>> what) {
        return Mono.defer(() -> onChannel(line, view, line.word(1), what));
    }

    private Mono<Void> onChannel(Line line, View view, String written, Function<Channel<Frame>, Mono<Void>> what) {
        return Mono.defer(() -> {
            String name = view.path(written);
            check(view, Verb.ADMIN, name);
            return channels.find(name)
                    .switchIfEmpty(Mono.error(() -> line.refused(Errno.ENOENT, "there is no channel \"" + name + "\"")))
                    .flatMap(what);
        });
    }

    private Mono<Void> swap(Line line, View view) {
        return Mono.defer(() -> {
            check(view, Verb.ADMIN, line.word(1));
            check(view, Verb.ADMIN, line.word(2));
            return registry.swap(line.word(1), line.word(2));
        });
    }

    private Mono<Void> divert(Line line, View view) {
        return Mono.defer(() -> {
            check(view, Verb.ADMIN, line.word(1));
            return diversions.divert(line.word(1), diversion(line.word(2), view));
        });
    }

    /** Where something goes instead, if it may go there. */
    private static Diversion diversion(String written, View view) {
        boolean isPath = written.startsWith("/") && !written.equals(Diversion.DEV_NULL.toString());
        Diversion to = isPath ? Diversion.channel(written.substring(1)) : Diversion.of(written);
        String channel = to.channel();
        if (channel == null) {
            return to;
        }
        check(view, Verb.SEND, view.path(channel));
        return Diversion.channel(view.path(channel));
    }

    private Mono<Void> restore(Line line, View view) {
        return Mono.defer(() -> {
            check(view, Verb.ADMIN, line.word(1));
            return diversions.restore(line.word(1));
        });
    }

    private Mono<Void> lease(Line line, View view, Leases leases) {
        return onChannel(line, view, channel -> {
            check(view, Verb.SEND, channel.name());
            if (line.word(2).isBlank() || line.word(2).length() > LONGEST_OWNER) {
                throw line.refused(Errno.EINVAL, "an owner has 1 to " + LONGEST_OWNER + " characters");
            }
            Diversion others = line.count() == 5 ? diversion(line.word(4), view) : Diversion.HOLD;
            return leases.take(channel, line.word(2), Amounts.time(line.word(3)), others);
        });
    }

    private Mono<Void> release(Line line, View view, Leases leases) {
        return onChannel(
                line,
                view,
                channel -> leases.release(channel)
                        .flatMap(was -> was
                                ? Mono.empty()
                                : Mono.error(
                                        line.refused(Errno.EINVAL, "the channel is not leased over this connection"))));
    }

    private static void check(View view, Verb verb, String name) {
        view.access().check(verb, name);
    }

    /** What the client is told of what went wrong. */
    private static Refusal refusal(Line line, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        }
        return line.refused(Failures.errno(failure), String.valueOf(failure.getMessage()));
    }
}
