package dev.sluice.ninep.session;

import dev.sluice.ninep.tree.Child;
import dev.sluice.ninep.tree.Node;
import dev.sluice.ninep.tree.Tree;
import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Qid;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.ToIntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A directory opened to be listed, a page at a time.
 *
 * <p>A place in it is the number of entries before. Where the last pages ended is kept by name, so that who goes on from there neither misses nor sees
 * twice what is there all the time, whatever else comes and goes; from any other place a listing begins at the nearest one before, and counts.
 */
final class OpenDirectory implements OpenFile {

    /** A page takes a moment of the event loop, however much a client asks for. */
    private static final int LARGEST_PAGE = 64 << 10;

    private static final int REMEMBERED = 3;

    private final Session session;
    private final Tree tree;
    private final Node.Directory directory;
    private final Fid.Owner owner;
    private final Deque<Mark> marks = new ArrayDeque<>(REMEMBERED);

    /** Where the next read goes on, of a dialect that reads directories as files. */
    private long nextOffset;

    private long nextPlace;

    OpenDirectory(Session session, Node.Directory directory, Fid.Owner owner) {
        this.session = session;
        this.tree = session.site().tree();
        this.directory = directory;
        this.owner = owner;
    }

    /** The entry before a place. */
    private record Mark(long place, Child entry) {}

    /** What stands before the channels: it is there always, and in no order with them. */
    private List<Child> fixed(boolean withDots) {
        List<Child> fixed = new ArrayList<>(4);
        if (withDots) {
            fixed.add(new Child(".", directory.path(), true, false, ""));
            fixed.add(new Child("..", parent(), true, false, ""));
        }
        if (tree.hasSpecials(directory, owner.view())) {
            String prefix = directory.path().isEmpty() ? "" : directory.path() + "/";
            fixed.add(new Child(Node.CTL, prefix + Node.CTL, false, false, ""));
            fixed.add(new Child(Node.STATS, prefix + Node.STATS, false, false, ""));
        }
        return fixed;
    }

    private String parent() {
        String path = directory.path();
        return path.equals(owner.view().root()) ? path : path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** The entries from a place on, as many as fit; refused when there are some and not one fits. */
    private Mono<List<Child>> page(long place, int room, boolean withDots, ToIntFunction<Child> size) {
        List<Child> fixed = fixed(withDots);
        int begun = (int) Math.min(place, fixed.size());
        Flux<Child> rest =
                Flux.fromIterable(fixed.subList(begun, fixed.size())).concatWith(children(place - fixed.size(), place));
        int[] left = {Math.min(room, LARGEST_PAGE)};
        boolean[] some = new boolean[1];
        return session.inTurn(rest.takeWhile(child -> {
                    left[0] -= size.applyAsInt(child);
                    some[0] = true;
                    return left[0] >= 0;
                })
                .collectList()
                .doOnNext(page -> {
                    if (page.isEmpty() && some[0]) {
                        throw new Refusal(Errno.EINVAL, room + " bytes are too few for the next entry");
                    }
                }));
    }

    /** What follows a place that is remembered, or else so many entries after one before it. */
    private Flux<Child> children(long skipped, long place) {
        Mark nearest = null;
        for (Mark mark : marks) {
            if (mark.place <= place && (nearest == null || mark.place > nearest.place)) {
                nearest = mark;
            }
        }
        if (nearest == null || skipped <= 0) {
            return tree.children(directory, owner.view(), null).skip(Math.max(0, skipped));
        }
        return tree.children(directory, owner.view(), nearest.entry).skip(place - nearest.place);
    }

    private void remember(long place, List<Child> entries) {
        Child last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
        // What stands before the channels has no place among them.
        if (last == null || last.place().isEmpty()) {
            return;
        }
        if (marks.size() == REMEMBERED) {
            marks.removeFirst();
        }
        marks.addLast(new Mark(place + entries.size(), last));
    }

    private static int bytes(String name) {
        int length = name.length();
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) >= 0x80) {
                return name.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return length;
    }

    private Qid qid(Child child) {
        return tree.qids().of(child.path(), child.isDirectory());
    }

    /** A Treaddir. */
    void list(int tag, long place, int count) {
        if (place < 0) {
            throw new Refusal(Errno.EINVAL, "there is no place " + place + " in a directory");
        }
        int room = Math.min(count, session.longestAnswer());
        session.run(tag, page(place, room, true, OpenDirectory::linuxSize), entries -> {
            remember(place, entries);
            Answer answer = Answer.to(Type.TREADDIR, tag, session.alloc());
            int position = answer.position();
            answer.i32(0);
            long next = place;
            for (Child child : entries) {
                next++;
                answer.qid(qid(child)).i64(next).u8(child.isDirectory() ? 4 : 8).text(child.name());
            }
            return answer.countAt(position).done();
        });
    }

    private static int linuxSize(Child child) {
        return Qid.BYTES + Long.BYTES + 1 + Short.BYTES + bytes(child.name());
    }

    @Override
    public void read(int tag, long offset, int count) {
        if (offset != 0 && offset != nextOffset) {
            throw new Refusal(
                    Errno.EINVAL, "a directory is read from its beginning, or on from where the last read ended");
        }
        long place = offset == 0 ? 0 : nextPlace;
        int room = Math.min(count, session.longestAnswer());
        session.run(tag, page(place, room, false, this::statSize), entries -> {
            remember(place, entries);
            Answer answer = Answer.to(Type.TREAD, tag, session.alloc());
            int position = answer.position();
            answer.i32(0);
            entries.forEach(child -> session.attributes().write(answer, child, qid(child), owner));
            nextOffset = offset + answer.position() - position - Integer.BYTES;
            nextPlace = place + entries.size();
            return answer.countAt(position).done();
        });
    }

    private int statSize(Child child) {
        return session.attributes().statSize(child.name(), owner);
    }

    @Override
    public void close() {
        marks.clear();
    }
}
