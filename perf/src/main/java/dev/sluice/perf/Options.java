package dev.sluice.perf;

import java.io.Serial;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Options of a benchmark: those every one of them has, and some of its own with a value each. */
final class Options {
    private static final Set<String> FLAGS = Set.of("--quick", "--json", "--list");
    private static final Set<String> VALUED = Set.of("--shapes", "--results", "--logs");

    private final Set<String> flags = new HashSet<>();
    private final Map<String, String> values = new HashMap<>();

    private Options() {}

    /**
     * Reads them.
     *
     * @param words as they were given
     * @param own the options only this benchmark has
     */
    static Options read(List<String> words, Set<String> own) throws WrongUseException {
        Options options = new Options();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean isFlag = FLAGS.contains(word);
            boolean isLast = i + 1 == words.size();
            if (!isFlag && (isLast || !(VALUED.contains(word) || own.contains(word)))) {
                throw new WrongUseException("Unknown option: " + word);
            }
            if (isFlag) {
                options.flags.add(word);
            } else {
                options.values.put(word, words.get(++i));
            }
        }
        return options;
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    /** The names an option gives, or the usual ones when it is not there. */
    List<String> names(String option, List<String> known, List<String> usual) throws WrongUseException {
        String value = values.get(option);
        if (value == null) {
            return usual;
        }
        List<String> names = List.of(value.split(",", -1));
        for (String name : names) {
            if (!known.contains(name)) {
                String what = option.substring("--".length(), option.length() - 1);
                throw new WrongUseException(
                        "Unknown " + what + ": " + name + ". There are " + String.join(", ", known));
            }
        }
        return names;
    }

    /** The path an option gives. */
    @Nullable Path path(String option) {
        String value = values.get(option);
        return value == null ? null : Path.of(value);
    }

    /** The path an option gives, or else another. */
    Path path(String option, Path otherwise) {
        Path path = path(option);
        return path == null ? otherwise : path;
    }

    /** Options that cannot be understood. */
    static final class WrongUseException extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        WrongUseException(String message) {
            super(message);
        }
    }
}
