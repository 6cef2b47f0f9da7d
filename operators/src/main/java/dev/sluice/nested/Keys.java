package dev.sluice.nested;

/** Keys in messages: foreign text, so cut short. */
final class Keys {

    private static final int SHOWN = 64;

    private Keys() {}

    static String shown(Object key) {
        String text = String.valueOf(key);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
