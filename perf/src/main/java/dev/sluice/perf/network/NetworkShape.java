package dev.sluice.perf.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is measured over the network. The first three that ask for many sources at once are chanserv's own. */
enum NetworkShape {
    /** A new connection for each source of one frame. */
    CONNECT("a connection, a source, a frame, a close"),
    /** Many short sources. */
    OPEN("many sources of one frame of 64 bytes"),
    /** Many sources of many small frames. */
    FLOOD("1,000 sources of many frames of 64 bytes"),
    /** Few sources of large frames. */
    HEAVY("10 sources of many frames of 1 MiB"),
    /** One request after the other. */
    LATENCY("from a request to its first frame");

    private static final int SMALL = 64;
    private static final int LARGE = 1 << 20;

    private final String title;

    NetworkShape(String title) {
        this.title = title;
    }

    /** The shape's name as it is written. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it is, for a heading. */
    String title() {
        return title;
    }

    /** What one turn does. */
    Turn turn(boolean isQuick) {
        return switch (this) {
            case CONNECT -> new Turn(this, new Work(1, 1, SMALL), isQuick ? 60 : 400);
            case OPEN -> new Turn(this, new Work(isQuick ? 4_000 : 20_000, 1, SMALL), 1);
            case FLOOD -> new Turn(this, new Work(1_000, isQuick ? 200 : 5_000, SMALL), 1);
            case HEAVY -> new Turn(this, new Work(10, isQuick ? 50 : 500, LARGE), 1);
            case LATENCY -> new Turn(this, new Work(1, 1, SMALL), isQuick ? 2_000 : 10_000);
        };
    }

    static Optional<NetworkShape> named(String label) {
        return Arrays.stream(values())
                .filter(shape -> shape.label().equals(label))
                .findFirst();
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(NetworkShape::label).toList();
    }

    /**
     * What a client does in one go.
     *
     * @param shape how
     * @param work what it asks for
     * @param times how often, one after the other
     */
    record Turn(NetworkShape shape, Work work, int times) {

        /** Frames that arrive in all. */
        long frames() {
            return work.allFrames() * times;
        }

        /** As a line to a client. */
        String line() {
            return String.join(
                    " ",
                    shape.label(),
                    Integer.toString(work.sources()),
                    Integer.toString(work.frames()),
                    Integer.toString(work.size()),
                    Integer.toString(times));
        }

        /** Reads what {@link #line()} wrote. */
        static Turn parse(String line) {
            String[] words = line.split(" ", -1);
            int[] numbers =
                    Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
            return new Turn(named(words[0]).orElseThrow(), new Work(numbers[0], numbers[1], numbers[2]), numbers[3]);
        }
    }
}
