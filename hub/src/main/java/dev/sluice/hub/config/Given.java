package dev.sluice.hub.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What somebody said about a setting.
 *
 * @param text what they said
 * @param from where
 * @param folder what relative paths start from; null for the working directory
 */
record Given(String text, String from, @Nullable Path folder) {

    /** What a setting is when nobody says anything. */
    static final String DEFAULT = "default";

    static Given byDefault(String text) {
        return new Given(text, DEFAULT, null);
    }

    boolean isDefault() {
        return from.equals(DEFAULT);
    }
}
