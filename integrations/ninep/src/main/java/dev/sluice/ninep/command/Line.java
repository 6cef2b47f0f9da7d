package dev.sluice.ninep.command;

import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code ctl}, as words. A word with blanks in it stands between double quotes.
 *
 * @param text the line as it was written
 * @param words its words, at least one
 */
record Line(String text, List<String> words) {

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|([^\\s\"]+)");
    private static final int LONGEST = 4096;
    private static final int SHOWN = 80;

    /** The lines of what was written, without those that are empty or begin with #. */
    static List<Line> of(String written) {
        List<Line> lines = new ArrayList<>();
        for (String text : written.split("\n", -1)) {
            String line = text.strip();
            if (line.length() > LONGEST) {
                throw new Refusal(Errno.EINVAL, "ctl: a line has at most " + LONGEST + " characters");
            }
            if (!line.isEmpty() && !line.startsWith("#")) {
                lines.add(new Line(line, words(line)));
            }
        }
        return lines;
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        int end = 0;
        while (word.find()) {
            if (!line.substring(end, word.start()).isBlank()) {
                break;
            }
            String quoted = word.group(1);
            words.add(quoted != null ? quoted : word.group(2));
            end = word.end();
        }
        if (!line.substring(end).isBlank()) {
            throw new Refusal(Errno.EINVAL, "ctl: \"" + shown(line) + "\" has a quote that does not end");
        }
        return words;
    }

    String word(int index) {
        return words.get(index);
    }

    int count() {
        return words.size();
    }

    /** A refusal of this line. */
    Refusal refused(Errno errno, String why) {
        return new Refusal(errno, "ctl: \"" + shown(text) + "\": " + why);
    }

    private static String shown(String line) {
        String plain = line.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "…";
    }
}
