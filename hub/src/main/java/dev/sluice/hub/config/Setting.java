package dev.sluice.hub.config;

import org.jspecify.annotations.Nullable;

/**
 * One setting as it is in force.
 *
 * @param key its name in files and behind {@code --}
 * @param value a {@link Boolean}, an {@link Integer}, a {@link String}, or null for none
 * @param from {@code default}, {@code flag --tcp}, {@code environment SLUICE_TCP} or {@code hub.yaml line 3}
 */
public record Setting(String key, @Nullable Object value, String from) {

    /**
     * The value as it may stand in a file.
     *
     * @return {@code none} when there is none
     */
    public String text() {
        return value == null ? "none" : value.toString();
    }
}
