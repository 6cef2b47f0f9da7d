package dev.sluice.channel.spi;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses which known word a misspelt one was meant to be. */
public final class Nearest {

    /** More edits than this is another word, not a slip. */
    private static final int MAX_EDITS = 2;

    private Nearest() {}

    /** The known word nearest to {@code word}, or null when none is near. */
    public static @Nullable String to(String word, Collection<String> known) {
        String best = null;
        int bestEdits = MAX_EDITS + 1;
        for (String candidate : known) {
            int edits = edits(plain(word), plain(candidate));
            if (edits < bestEdits && edits < candidate.length() - 1) {
                best = candidate;
                bestEdits = edits;
            }
        }
        return best;
    }

    /** Without what people write differently: bufferSize, buffer-size and BUFFER_SIZE are one word. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
    }

    /** Levenshtein's distance, by the usual table of which only the last row is kept. */
    private static int edits(String a, String b) {
        if (Math.abs(a.length() - b.length()) > MAX_EDITS) {
            return MAX_EDITS + 1;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
