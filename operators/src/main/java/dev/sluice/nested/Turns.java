package dev.sluice.nested;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose turn it is among the sources that have something ready. Owned by one drain: not thread safe.
 *
 * @param <T> what the sources carry
 */
interface Turns<T> {

    /** Gives a new source a place. It has nothing ready yet. */
    void admit(MergeSource<T> source);

    /** The source has something ready. Saying so again changes nothing. */
    void ready(MergeSource<T> source);

    /** The source has nothing ready any more and keeps its place. */
    void idle(MergeSource<T> source);

    /** The source gives its place up for good. */
    void leave(MergeSource<T> source);

    /** The source passed an element while nobody else was ready: that was its turn. */
    void passed(MergeSource<T> source);

    /** Whose turn it is; null when nobody is ready. Asking is taking: the next call names the one after. */
    @Nullable MergeSource<T> next();

    /** Whether nobody is ready. */
    boolean isEmpty();

    /** Empties all places and names each source that had one. */
    void clear(Consumer<? super MergeSource<T>> each);
}
