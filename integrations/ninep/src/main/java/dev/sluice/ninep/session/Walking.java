package dev.sluice.ninep.session;

import dev.sluice.ninep.tree.Node;
import dev.sluice.ninep.tree.Tree;
import dev.sluice.ninep.tree.View;
import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Body;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.security.Identity;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How a client comes to its fids: it attaches to a directory, and walks from there. */
final class Walking {

    /** The most names of one walk, by walk(5). */
    private static final int MOST_NAMES = 16;

    /** It stands three times in each entry of a directory. */
    private static final int LONGEST_USER = 255;

    private final Session session;
    private final Tree tree;

    /** The user the connection was opened for; those of no name are that one too. */
    private @Nullable String user;

    Walking(Session session) {
        this.session = session;
        this.tree = session.site().tree();
    }

    void reset() {
        user = null;
    }

    void attach(int tag, Body body, Dialect dialect) {
        int number = body.i32();
        int auth = body.i32();
        String name = body.text();
        String directory = body.text();
        int user = dialect.isNumeric() ? body.i32() : -1;
        body.end();
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_USER) {
            throw new Refusal(Errno.EINVAL, "a user's name has at most " + LONGEST_USER + " bytes");
        }
        if (auth != Fids.NO_FID) {
            throw new Refusal(Errno.EBADF, "there is no authentication here: attach with NOFID for afid");
        }
        session.fids().reserve(number);
        Fid.Owner owner = new Fid.Owner(view(name, directory), name, user);
        session.run(
                tag,
                tree.root(owner.view()),
                root -> {
                    session.fids().add(new Fid(number, owner, root));
                    return Answer.to(Type.TATTACH, tag, session.alloc())
                            .qid(tree.qids().of(root))
                            .done();
                },
                () -> session.fids().free(number));
    }

    private View view(String name, String directory) {
        if (user == null && !name.isEmpty()) {
            user = name;
        }
        String who = name.isEmpty() && user != null ? user : name;
        return new View(Access.of(Identity.of(who), session.site().policy()), root(directory));
    }

    /** The directory to attach to: as Linux and others write it, with or without slashes at its ends. */
    private static String root(String directory) {
        String root = directory;
        while (root.startsWith("/")) {
            root = root.substring(1);
        }
        while (root.endsWith("/")) {
            root = root.substring(0, root.length() - 1);
        }
        return root;
    }

    void walk(int tag, Body body) {
        Fid from = session.fids().require(body.i32());
        int number = body.i32();
        int count = body.u16();
        if (count > MOST_NAMES) {
            throw new Refusal(Errno.EINVAL, "a walk has at most " + MOST_NAMES + " names, and not " + count);
        }
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(body.text());
        }
        body.end();
        // Open or not: of open fids Linux makes copies, and diod walks on from open directories.
        if (number == from.number) {
            session.run(
                    tag,
                    steps(from, names),
                    found -> walked(tag, found, names, () -> from.node(last(from, found)), () -> {}));
            return;
        }
        session.fids().reserve(number);
        session.run(
                tag,
                steps(from, names),
                found -> walked(
                        tag,
                        found,
                        names,
                        () -> session.fids().add(new Fid(number, from.owner, last(from, found))),
                        () -> session.fids().free(number)),
                () -> session.fids().free(number));
    }

    private static Node last(Fid from, List<Node> steps) {
        return steps.isEmpty() ? from.node() : steps.get(steps.size() - 1);
    }

    /** Where the names lead, as far as they lead somewhere. */
    private Mono<List<Node>> steps(Fid from, List<String> names) {
        List<Node> steps = new ArrayList<>(names.size());
        Node start = from.node();
        return Flux.fromIterable(names)
                .concatMap(name -> tree.walk(steps.isEmpty() ? start : steps.get(steps.size() - 1), name, from.view())
                        .doOnNext(steps::add))
                .then(Mono.just(steps))
                // Only a walk that leads nowhere at all fails.
                .onErrorResume(Refusal.class, refusal -> steps.isEmpty() ? Mono.error(refusal) : Mono.just(steps));
    }

    private ByteBuf walked(int tag, List<Node> steps, List<String> names, Runnable arrived, Runnable lost) {
        Answer answer = Answer.to(Type.TWALK, tag, session.alloc()).u16(steps.size());
        steps.forEach(step -> answer.qid(tree.qids().of(step)));
        if (steps.size() == names.size()) {
            arrived.run();
        } else {
            lost.run();
        }
        return answer.done();
    }
}
