package dev.sluice.ninep.tree;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Position;
import org.jspecify.annotations.Nullable;

/** A file of the tree, as a fid stands for it. Immutable, and may be gone by the time it is used. */
public sealed interface Node {

    /** The file that takes commands, in the root. */
    String CTL = "ctl";

    /** The file that tells figures, in the root. */
    String STATS = "stats";

    /** The path as channels are named: segments between slashes, none before the first; empty for the root of all. */
    String path();

    /** Whether it is a directory. */
    default boolean isDirectory() {
        return false;
    }

    /** The name in its directory; {@code /} for the root. */
    default String name() {
        String path = path();
        return path.isEmpty() ? "/" : path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * A directory: what is common to the names of channels, or made by somebody.
     *
     * @param path where
     */
    record Directory(String path) implements Node {
        @Override
        public boolean isDirectory() {
            return true;
        }

        /** The path of something in it. */
        public String child(String name) {
            return path.isEmpty() ? name : path + "/" + name;
        }

        /** The path of the directory it is in; the root is in itself. */
        String parent() {
            int slash = path.lastIndexOf('/');
            return slash < 0 ? "" : path.substring(0, slash);
        }
    }

    /**
     * A channel, by way of one of its readers. A channel that is renamed takes its file along.
     *
     * @param channel the channel
     * @param reader how it is read
     */
    record ChannelFile(Channel<Frame> channel, Reader reader) implements Node {
        @Override
        public String path() {
            return channel.name() + reader.suffix();
        }
    }

    /**
     * One of the two files that are no channels.
     *
     * @param path where: {@link #CTL} or {@link #STATS} in the root of who looks
     * @param isCtl which
     */
    record Special(String path, boolean isCtl) implements Node {}

    /** How the file of a channel is read. */
    sealed interface Reader {

        /** What stands behind the channel's name in that of the file. */
        String suffix();

        /** As one of the {@linkplain Channel#DEFAULT_GROUP default group}: what the plain file is. */
        static Reader usual() {
            return new Group(Channel.DEFAULT_GROUP, "");
        }

        /**
         * What stands behind the {@code @} of a file's name.
         *
         * @return null when it is nothing
         */
        static @Nullable Reader of(String text) {
            if (!text.startsWith("@")) {
                return text.isEmpty() ? null : new Group(text, "@" + text);
            }
            String where = text.substring(1);
            return switch (where) {
                case "latest" -> new Listener(Position.latest(), "@" + text);
                case "earliest" -> new Listener(Position.earliest(), "@" + text);
                default ->
                    where.matches("[0-9]{1,18}")
                            ? new Listener(Position.offset(Long.parseLong(where)), "@" + text)
                            : null;
            };
        }
    }

    /**
     * A member of a group: what it reads, no other member does.
     *
     * @param group which
     */
    record Group(String group, String suffix) implements Reader {}

    /**
     * Sees everything from somewhere on, and takes nothing away.
     *
     * @param from where it begins
     */
    record Listener(Position from, String suffix) implements Reader {
        /** A slow listener pushes back: nothing is left out. */
        public ListenOptions options() {
            return ListenOptions.defaults();
        }
    }
}
