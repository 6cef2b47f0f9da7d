package dev.sluice.hub.users;

import java.util.List;

/** An entry of a users file. Immutable. */
record User(String name, SecretHash secret, List<Grant> may) {

    private static final int MAX_NAME = 256;

    User {
        requireName(name);
        may = List.copyOf(may);
    }

    /**
     * Refuses names that could not be told from others, or not be shown as {@code NAME:SECRET}.
     *
     * @throws IllegalArgumentException saying why
     */
    static void requireName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a user is empty");
        }
        if (name.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "the name of a user must have at most " + MAX_NAME + " characters, has " + name.length());
        }
        if (name.codePoints().anyMatch(User::isInvisible)) {
            throw new IllegalArgumentException(
                    "the name \"" + visible(name) + "\" has control or invisible characters");
        }
        if (name.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "the name \"" + name + "\" has a colon, which ends the name in NAME:SECRET");
        }
        if (!name.equals(name.strip())) {
            throw new IllegalArgumentException("the name \"" + name + "\" begins or ends with a space");
        }
    }

    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** A text that cannot move the cursor or forge a line of a log. */
    static String visible(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .forEach(c -> shown.append(isInvisible(c) ? String.format("\\u%04x", c) : Character.toString(c)));
        return shown.toString();
    }
}
