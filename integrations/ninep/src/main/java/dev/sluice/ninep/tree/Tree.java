package dev.sluice.ninep.tree;

import dev.sluice.ChannelExistsException;
import dev.sluice.Frame;
import dev.sluice.InvalidNameException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelName;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The channels of a registry as files. A channel is a file, a directory what is common to the names of several, or was made by somebody; in the root
 * are {@code ctl} and {@code stats} besides. A channel whose name is also the beginning of others, {@code a} beside {@code a/b}, is a directory: its
 * own file is {@code a@default}.
 *
 * <p>What returns a {@code Mono} or {@code Flux} is lazy, and fails with {@link Refusal}. Thread safe.
 */
public final class Tree {

    private static final char READER = '@';

    private final Channels channels;
    private final ChannelOptions created;
    private final Directories made;
    private final Children children;
    private final Renaming renaming;
    private final Qids qids = new Qids();

    /**
     * A tree.
     *
     * @param created how channels are that are made as files
     * @param mostDirectories directories that were made, at most
     */
    public Tree(Channels channels, ChannelOptions created, int mostDirectories) {
        this.channels = channels;
        this.created = created;
        this.made = new Directories(mostDirectories);
        this.children = new Children(channels, made);
        this.renaming = new Renaming(channels, made);
    }

    /** The channels. */
    public Channels channels() {
        return channels;
    }

    /** What files are called by. */
    public Qids qids() {
        return qids;
    }

    /** The directory a view begins with, when it is there. */
    public Mono<Node> root(View view) {
        return view.root().isEmpty()
                ? Mono.just(new Node.Directory(""))
                : isThere(view.root(), view).map(is -> {
                    if (!is) {
                        throw new Refusal(Errno.ENOENT, "there is no directory \"" + view.root() + "\" to attach to");
                    }
                    return new Node.Directory(view.root());
                });
    }

    /** What a name leads to. */
    public Mono<Node> walk(Node from, String name, View view) {
        if (!(from instanceof Node.Directory directory)) {
            return refused(Errno.ENOTDIR, "\"" + from.path() + "\" is no directory");
        }
        if (name.equals(".")) {
            return Mono.just(directory);
        }
        if (name.equals("..")) {
            return Mono.just(directory.path().equals(view.root()) ? directory : new Node.Directory(directory.parent()));
        }
        if (isSpecial(directory, name, view)) {
            return Mono.just(new Node.Special(directory.child(name), name.equals(Node.CTL)));
        }
        String path = directory.child(name);
        if (name.indexOf('/') >= 0 || !isName(path)) {
            return refused(Errno.ENOENT, "no file can be called \"" + path + "\"");
        }
        return isDirectory(path, view)
                .flatMap(is -> is ? Mono.just(new Node.Directory(path)) : file(directory, path, name, view));
    }

    private static boolean isSpecial(Node.Directory directory, String name, View view) {
        return directory.path().equals(view.root()) && (name.equals(Node.CTL) || name.equals(Node.STATS));
    }

    private static boolean isName(String path) {
        try {
            ChannelName.require(path);
            return true;
        } catch (InvalidNameException bad) {
            return false;
        }
    }

    private Mono<Node> file(Node.Directory directory, String path, String name, View view) {
        return visible(path, view)
                .<Node>map(channel -> new Node.ChannelFile(channel, Node.Reader.usual()))
                .switchIfEmpty(Mono.defer(() -> reader(directory, name, view)))
                .switchIfEmpty(refused(Errno.ENOENT, "there is no \"" + path + "\""));
    }

    /** A channel by way of what stands behind the {@code @}. */
    private Mono<Node> reader(Node.Directory directory, String name, View view) {
        int at = name.indexOf(READER, 1);
        Node.@Nullable Reader reader = at < 0 ? null : Node.Reader.of(name.substring(at + 1));
        return reader == null
                ? Mono.empty()
                : visible(directory.child(name.substring(0, at)), view)
                        .map(channel -> new Node.ChannelFile(channel, reader));
    }

    private Mono<Channel<Frame>> visible(String path, View view) {
        return view.sees(path) ? channels.find(path) : Mono.empty();
    }

    /** The channel its name leads to now; who holds on to a file may hold one that was deleted. */
    public Mono<Channel<Frame>> current(Node.ChannelFile file) {
        String name = file.channel().name();
        return channels.find(name).switchIfEmpty(refused(Errno.ENOENT, "the channel \"" + name + "\" was deleted"));
    }

    /** Whether there still is such a file. */
    public Mono<Boolean> exists(Node node, View view) {
        if (node instanceof Node.ChannelFile file) {
            return channels.find(file.channel().name()).hasElement();
        }
        return node instanceof Node.Directory directory ? isDirectory(directory.path(), view) : Mono.just(true);
    }

    private Mono<Boolean> isDirectory(String path, View view) {
        return path.isEmpty() || path.equals(view.root()) ? Mono.just(true) : isThere(path, view);
    }

    /** Whether a directory was made, or has a channel. */
    private Mono<Boolean> isThere(String path, View view) {
        if (!isName(path)) {
            return Mono.just(false);
        }
        return made.contains(path) && view.seesBelow(path) ? Mono.just(true) : Seen.any(channels, path + "/", view);
    }

    /** What is in a directory behind an entry, null for all. The two files of the root come first, and are not among these: see {@link #hasSpecials}. */
    public Flux<Child> children(Node.Directory directory, View view, @Nullable Child after) {
        return children.in(directory, view, after).filter(child -> !isSpecial(directory, child.name(), view));
    }

    /** Whether a directory has the two files that are no channels. */
    public boolean hasSpecials(Node.Directory directory, View view) {
        return directory.path().equals(view.root());
    }

    /**
     * Makes a channel. Who may not manage channels but use this one gets one that goes when it is idle, as a sender elsewhere does.
     *
     * @param exclusive whether it must not exist
     */
    public Mono<Node.ChannelFile> create(Node.Directory directory, String name, View view, boolean exclusive) {
        return Mono.defer(() -> {
            String path = newPath(directory, name, view);
            Mono<Channel<Frame>> channel =
                    view.mayManage(path) ? channels.create(path, created) : undeclared(path, exclusive);
            Mono<Channel<Frame>> free = isDirectory(path, view)
                    .flatMap(is -> is ? refused(Errno.EEXIST, "\"" + path + "\" is a directory") : channel);
            return free.onErrorResume(
                            ChannelExistsException.class,
                            taken -> exclusive ? refused(Errno.EEXIST, taken.getMessage()) : channels.find(path))
                    .map(found -> new Node.ChannelFile(found, Node.Reader.usual()));
        });
    }

    private Mono<Channel<Frame>> undeclared(String path, boolean exclusive) {
        return channels.find(path)
                .flatMap(there -> exclusive
                        ? Mono.<Channel<Frame>>error(new Refusal(Errno.EEXIST, "there is \"" + path + "\" already"))
                        : Mono.just(there))
                .switchIfEmpty(Mono.fromSupplier(() -> channels.channel(path)));
    }

    /** The path of something that is about to be made. */
    private static String newPath(Node.Directory directory, String name, View view) {
        String path = directory.child(name);
        if (isSpecial(directory, name, view)) {
            throw new Refusal(Errno.EEXIST, "\"" + name + "\" is there already, and is no channel");
        }
        if (name.indexOf('/') >= 0 || name.indexOf(READER) >= 0) {
            throw new Refusal(
                    Errno.EINVAL,
                    "no channel can be made here that is called \"" + name
                            + "\": / divides names, and behind @ stands a group or listener of a channel that exists");
        }
        try {
            return ChannelName.require(path);
        } catch (InvalidNameException bad) {
            boolean isLong = path.length() > ChannelName.MAX_SEGMENT_BYTES / 4;
            throw new Refusal(isLong ? Errno.ENAMETOOLONG : Errno.EINVAL, String.valueOf(bad.getMessage()));
        }
    }

    /** Makes an empty directory. */
    public Mono<Node.Directory> makeDirectory(Node.Directory parent, String name, View view) {
        return Mono.defer(() -> {
            String path = newPath(parent, name, view);
            view.requireManage(path, "to make");
            return renaming.isTaken(path).map(taken -> {
                if (taken) {
                    throw new Refusal(Errno.EEXIST, "there is \"" + path + "\" already");
                }
                made.add(path);
                return new Node.Directory(path);
            });
        });
    }

    /** Removes a file: deletes its channel, or the group its name tells, or an empty directory. */
    public Mono<Void> remove(Node node, View view) {
        return Mono.defer(() -> {
            if (node instanceof Node.ChannelFile file) {
                view.requireManage(file.channel().name(), "to remove");
                return removeFile(file);
            }
            if (node instanceof Node.Directory directory && !directory.path().equals(view.root())) {
                view.requireManage(directory.path(), "to remove");
                return removeDirectory(directory);
            }
            return refused(Errno.EPERM, "\"" + node.name() + "\" cannot be removed");
        });
    }

    private Mono<Void> removeFile(Node.ChannelFile file) {
        String name = file.channel().name();
        Mono<Boolean> gone;
        if (file.reader().suffix().isEmpty()) {
            gone = channels.delete(name);
        } else if (file.reader() instanceof Node.Group group) {
            gone = file.channel().removeGroup(group.group());
        } else {
            return refused(Errno.EPERM, "a listener is not there to be removed: close its file");
        }
        return gone.flatMap(was -> was ? Mono.empty() : refused(Errno.ENOENT, "there is no \"" + file.path() + "\""));
    }

    private Mono<Void> removeDirectory(Node.Directory directory) {
        String path = directory.path();
        return channels.list(path + "/").hasElements().flatMap(has -> {
            if (has || made.hasBelow(path)) {
                return refused(Errno.ENOTEMPTY, "the directory \"" + path + "\" has channels or directories in it");
            }
            return made.remove(path) ? Mono.empty() : refused(Errno.ENOENT, "there is no directory \"" + path + "\"");
        });
    }

    /** Renames a channel, or all that are in a directory. Never in the place of something else: nothing is lost. */
    public Mono<Node> rename(Node node, Node.Directory into, String name, View view) {
        return Mono.defer(() -> {
            String to = newPath(into, name, view);
            if (to.equals(node.path())) {
                return Mono.just(node);
            }
            if (node instanceof Node.ChannelFile file && file.reader().suffix().isEmpty()) {
                return renaming.channel(file.channel().name(), to, view).thenReturn(node);
            }
            if (node instanceof Node.Directory directory && !directory.path().equals(view.root())) {
                return renaming.directory(directory.path(), to, view).thenReturn(new Node.Directory(to));
            }
            return refused(Errno.EPERM, "\"" + node.path() + "\" cannot be renamed");
        });
    }

    private static <T> Mono<T> refused(Errno errno, @Nullable String why) {
        return Mono.error(() -> new Refusal(errno, String.valueOf(why)));
    }
}
