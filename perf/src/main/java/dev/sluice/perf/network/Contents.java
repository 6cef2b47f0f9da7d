package dev.sluice.perf.network;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What a server sends, made once for each size, in the form its peer sends it in. Thread safe.
 *
 * @param <T> that form
 */
final class Contents<T> {
    private final Map<Integer, T> made = new ConcurrentHashMap<>();
    private final Function<byte[], T> form;

    Contents(Function<byte[], T> form) {
        this.form = form;
    }

    T of(Work work) {
        T known = made.get(work.size());
        return known != null ? known : made.computeIfAbsent(work.size(), size -> form.apply(work.content()));
    }
}
