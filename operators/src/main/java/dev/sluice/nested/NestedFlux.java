package dev.sluice.nested;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Operators over streams of streams: a {@code Flux} of {@link Source}s, or of anything that opens a publisher.
 *
 * <p>All of them are lazy and thread safe, never block and never recurse, and share these rules:
 *
 * <ul>
 *   <li><b>Demand.</b> What is asked for above is bounded by what is asked for below, plus the prefetch where there is
 *       one. A request of 0 or less fails the sequence with {@link IllegalArgumentException} (rule 3.9).
 *   <li><b>Cancellation</b> reaches every open source and the announcements.
 *   <li><b>Discard.</b> Elements that were received and not passed on go to the discard hook. An announced source that
 *       is not subscribed to is told by {@link Source#discard()}, and goes there too.
 *   <li><b>Context</b> of the subscriber is seen by the announcements and by every source.
 *   <li><b>Threads.</b> Signals are passed on by whichever thread brought what made them possible: that of the
 *       announcements, of a source, or of a request. They are serial always.
 *   <li><b>Errors.</b> A function of the caller that throws or returns null fails the sequence. What fails after the end
 *       goes to {@code onErrorDropped}.
 * </ul>
 */
public final class NestedFlux {

    private NestedFlux() {}

    /**
     * Merges the frames of sources fairly, with {@linkplain MergeOptions#defaults() default options}.
     *
     * @param sources announced in any number
     * @return their frames, by turns
     * @see #mergeFair(Publisher, Function, MergeOptions)
     */
    public static Flux<Frame> mergeFair(Publisher<? extends Source> sources) {
        return mergeFair(sources, MergeOptions.defaults());
    }

    /**
     * Merges the frames of sources fairly.
     *
     * @param sources announced in any number
     * @param options how many at a time, how far ahead, and when errors count
     * @return their frames, by turns
     * @see #mergeFair(Publisher, Function, MergeOptions)
     */
    public static Flux<Frame> mergeFair(Publisher<? extends Source> sources, MergeOptions options) {
        return mergeFair(sources, Source::frames, options);
    }

    /**
     * Merges sources fairly: round robin by demand over those that have something ready.
     *
     * <p><img src="doc-files/merge-fair.svg" alt="Three sources with elements ready; each one in turn gives one element">
     *
     * <p>Each requested element is one turn, and turns go round the open sources in the order in which they were
     * announced. A source with nothing ready is skipped and keeps its place. So while demand is scarce, a source that is
     * ready is served before any other is served twice, however fast the others are; while demand is plenty nobody waits
     * and elements pass as they come. A source announced later takes the place of one that ended, or the last. Sources
     * that are announced at once, as by {@code Flux.just}, all have their place before the first turn, up to 256 of them.
     *
     * <p><b>Demand:</b> each source is asked for {@link MergeOptions#prefetch() prefetch} elements and for more when
     * three quarters of them were passed on. {@link MergeOptions#concurrency() concurrency} announcements are asked for,
     * and one more whenever a source ends: the others wait unannounced, at no cost here.
     *
     * <p><b>Errors:</b> the first one cancels everything, discards what waits and is passed on at once; with
     * {@link MergeOptions#delayError() delayError} it waits until all sources have ended, a failed source's earlier
     * elements are still delivered, and several errors arrive as one. A source that sends more than it was asked for
     * fails with an overflow error.
     *
     * @param sources announced in any number
     * @param open gives the publisher of an announced source; called once each
     * @param options how many at a time, how far ahead, and when errors count
     * @param <S> the sources
     * @param <T> what they carry
     * @return their elements, by turns
     */
    public static <S, T> Flux<T> mergeFair(
            Publisher<? extends S> sources,
            Function<? super S, ? extends Publisher<? extends T>> open,
            MergeOptions options) {
        return new FluxMerge<S, T>(from(sources), checked(open, "open"), null, checked(options, "options")).assembled();
    }

    /**
     * Merges the frames of sources by priority, strictly, with {@linkplain MergeOptions#defaults() default options}.
     *
     * @param sources announced in any number
     * @param priority of a source, mostly read from its header; higher goes first
     * @return their frames, those of higher priority first
     * @see #mergeByPriority(Publisher, Function, ToIntFunction, MergeOptions)
     */
    public static Flux<Frame> mergeByPriority(
            Publisher<? extends Source> sources, ToIntFunction<? super Source> priority) {
        return mergeByPriority(sources, priority, MergeOptions.defaults());
    }

    /**
     * Merges the frames of sources by priority.
     *
     * @param sources announced in any number
     * @param priority of a source, mostly read from its header; higher goes first
     * @param options how many at a time, how far ahead, when errors count, and how long low priorities may starve
     * @return their frames, those of higher priority first
     * @see #mergeByPriority(Publisher, Function, ToIntFunction, MergeOptions)
     */
    public static Flux<Frame> mergeByPriority(
            Publisher<? extends Source> sources, ToIntFunction<? super Source> priority, MergeOptions options) {
        return mergeByPriority(sources, Source::frames, priority, options);
    }

    /**
     * Merges sources by priority: of those that have something ready the highest goes first, and equals take turns.
     *
     * <p><img src="doc-files/merge-priority.svg" alt="A source of high priority goes first while it has elements ready">
     *
     * <p>It is {@link #mergeFair(Publisher, Function, MergeOptions) mergeFair} with another rule for the turn. Priority
     * decides among elements that are here: an element already passed on is not called back, and sources that wait
     * unannounced behind the concurrency are not known yet, whatever their priority.
     *
     * <p><b>Starvation:</b> a source waits as long as any of higher priority has something ready, which may be for ever
     * when demand is scarce. A {@link MergeOptions#starvationBound() starvation bound} of {@code b} ends that: after
     * {@code b} turns in a row that passed over somebody of another priority, one turn goes to the priority that has
     * waited longest. With {@code n} priorities ready, each has a turn at least every {@code (n - 1) * (b + 1)} turns,
     * and the highest keeps {@code b} of every {@code b + 1}.
     *
     * @param sources announced in any number
     * @param open gives the publisher of an announced source; called once each
     * @param priority of a source, asked once, when it is announced; higher goes first
     * @param options how many at a time, how far ahead, when errors count, and how long low priorities may starve
     * @param <S> the sources
     * @param <T> what they carry
     * @return their elements, those of higher priority first
     */
    public static <S, T> Flux<T> mergeByPriority(
            Publisher<? extends S> sources,
            Function<? super S, ? extends Publisher<? extends T>> open,
            ToIntFunction<? super S> priority,
            MergeOptions options) {
        return new FluxMerge<S, T>(
                        from(sources),
                        checked(open, "open"),
                        checked(priority, "priority"),
                        checked(options, "options"))
                .assembled();
    }

    /**
     * Gives the frames of one source after the other.
     *
     * @param sources in the order wanted
     * @return all frames of the first, then all of the second, and so on
     * @see #concat(Publisher, Function)
     */
    public static Flux<Frame> concat(Publisher<? extends Source> sources) {
        return concat(sources, Source::frames);
    }

    /**
     * Gives the elements of one source after the other.
     *
     * <p><b>Demand:</b> exact. The open source is asked for what is asked for below and no more; one announcement is
     * asked for at the start, and one whenever a source has ended. So at most one source is open, and none is held.
     *
     * <p><b>Errors:</b> the first one ends the sequence, after the elements that came before it.
     *
     * @param sources in the order wanted
     * @param open gives the publisher of an announced source; called once each, when the one before has ended
     * @param <S> the sources
     * @param <T> what they carry
     * @return all elements of the first, then all of the second, and so on
     */
    public static <S, T> Flux<T> concat(
            Publisher<? extends S> sources, Function<? super S, ? extends Publisher<? extends T>> open) {
        return new FluxConcat<S, T>(from(sources), checked(open, "open")).assembled();
    }

    /**
     * Passes on at most so many sources at a time; the others wait unannounced until one ends.
     *
     * <p>The merges have this built in. It is for sources that are not merged: handed to workers, grouped, sent on. A
     * source counts from its announcement until its frames end or are cancelled, or until it is
     * {@linkplain Source#discard() discarded}; one that is subscribed to several times counts until the first of those
     * ends. So every source must be subscribed to or discarded, or its place is lost.
     *
     * <p><b>Demand:</b> announcements are asked for as they are below, as far as there is a place.
     *
     * @param sources announced in any number
     * @param limit how many may be open, 1 or more
     * @return the same sources, in order
     * @throws IllegalArgumentException when the limit is below 1
     */
    public static Flux<Source> limitConcurrent(Publisher<? extends Source> sources, int limit) {
        Limits.atLeast("limit", 1, limit);
        return new FluxLimitConcurrent(from(sources), limit).assembled();
    }

    /**
     * Leaves sources out by their header, at no cost to the others.
     *
     * <p><img src="doc-files/ignore.svg" alt="Of three announced sources one is ignored: it is discarded, the others pass">
     *
     * <p>An ignored source is never subscribed to: its frames are not even asked for. It is told once by
     * {@link Source#discard()}, so a producer that already waits for it, perhaps at the other end of a connection, is
     * released; a source that nobody has started needs no word and gets none. Subscribing only to cancel would start the
     * very work that nobody wants. The demand an ignored announcement used up is replaced.
     *
     * @param sources announced in any number
     * @param unwanted whether to leave out the source with this header; called once for each
     * @return the other sources, in order
     */
    public static Flux<Source> ignore(Publisher<? extends Source> sources, Predicate<? super Frame> unwanted) {
        Predicate<? super Frame> test = checked(unwanted, "unwanted");
        return new FluxSelect(from(sources), header -> !test.test(header)).assembled();
    }

    /**
     * Passes on sources by their header and leaves the others out, as {@link #ignore(Publisher, Predicate) ignore} does.
     *
     * @param sources announced in any number
     * @param wanted whether to pass on the source with this header; called once for each
     * @return the wanted sources, in order
     */
    public static Flux<Source> select(Publisher<? extends Source> sources, Predicate<? super Frame> wanted) {
        return new FluxSelect(from(sources), checked(wanted, "wanted")).assembled();
    }

    /**
     * Sorts elements into bounded groups, with {@linkplain GroupOptions#defaults() default options}.
     *
     * @param source the elements
     * @param key of an element, never null, with {@code equals} and {@code hashCode}
     * @param <K> the keys
     * @param <T> the elements
     * @return the groups
     * @see #groupBy(Publisher, Function, GroupOptions)
     */
    public static <K, T> Flux<Group<K, T>> groupBy(
            Publisher<? extends T> source, Function<? super T, ? extends K> key) {
        return groupBy(source, key, GroupOptions.defaults());
    }

    /**
     * Sorts elements into bounded groups that never hang: whatever a consumer does with its groups, the source stands
     * still for no longer than twice the accept timeout.
     *
     * <p><img src="doc-files/group-by.svg" alt="Elements sorted into two groups; a group nobody takes from fails when it
     * has held up the others for the accept timeout">
     *
     * <p>The first element of a key opens a group and announces it. Each group keeps up to
     * {@link GroupOptions.Builder#bufferSize bufferSize} elements its subscriber has not asked for. Elements are sorted
     * as soon as they come, so a group nobody takes from costs the others nothing until it is full. Then
     * {@link GroupOptions.WhenFull} decides:
     *
     * <ul>
     *   <li>{@code WAIT}, the default, pushes back, as it should when a consumer is merely slow: nothing is lost as long
     *       as something is taken from every full group every {@link GroupOptions.Builder#acceptTimeout acceptTimeout}. A
     *       group that is announced to nobody, not subscribed to, or not asked, and so would hold up the others for
     *       ever, fails with {@link GroupNotDrainedException}; what it held is dropped. While nobody has subscribed to
     *       see that failure, its key stays closed and further elements of it are dropped, so that it holds up the
     *       others once and not again and again.
     *   <li>{@code DROP_OLDEST}, {@code DROP_LATEST} and {@code FAIL_GROUP} keep groups apart entirely: no group waits
     *       for another.
     * </ul>
     *
     * <p><b>Nothing is lost in silence:</b> every dropped element is counted by {@link Group#dropped()}, told to
     * {@link GroupOptions.Builder#onDrop onDrop} or else logged, and goes to the discard hook.
     *
     * <p><b>Cancelling a group</b> discards what it holds; the others go on, and the next element of its key opens a new
     * group. <b>Cancelling the groups' sequence</b> opens no more groups: elements of new keys are discarded, groups
     * given out go on, one without a subscriber fails after the accept timeout, and with the last of them the source is
     * cancelled.
     *
     * <p><b>Completion:</b> when the source completes or fails, each group first gives what it holds and then completes
     * or fails; so does the groups' sequence, whose failure does not wait for groups that are still to be announced:
     * those are discarded.
     *
     * <p><b>Demand:</b> the source is asked for {@link GroupOptions.Builder#prefetch prefetch} elements, and for more as
     * three quarters of them were sorted. Together the groups hold at most
     * {@link GroupOptions.Builder#maxGroups maxGroups} times bufferSize elements; what happens when a key more comes is
     * {@link GroupOptions.WhenTooMany}. Groups nobody has asked for yet count too, so a source of ever new keys is pushed
     * back, not failed, when groups are asked for slowly. A consumer that takes only so many groups at a time, as {@code flatMap} and
     * {@code concatMap} do, works best with maxGroups no larger than that.
     *
     * <p><b>Threads:</b> all groups are signalled one after the other; to work on groups in parallel put
     * {@code publishOn} on each. A group's subscriber that throws is cancelled, and the others go on. The accept timeout
     * is signalled on its {@link GroupOptions.Builder#scheduler scheduler}.
     *
     * <p>Reactor's own {@code groupBy} pushes back without a limit instead and stands still when one group is not taken
     * from; see reactor-core issues 2138 and 3442.
     *
     * @param source the elements
     * @param key of an element, never null, with {@code equals} and {@code hashCode}
     * @param options the bounds, and what happens at each
     * @param <K> the keys
     * @param <T> the elements
     * @return the groups
     */
    public static <K, T> Flux<Group<K, T>> groupBy(
            Publisher<? extends T> source, Function<? super T, ? extends K> key, GroupOptions options) {
        return new FluxGroup<K, T>(from(source), checked(key, "key"), checked(options, "options")).assembled();
    }

    /**
     * Sorts frames into sources by a header, with {@linkplain GroupOptions#defaults() default options}.
     *
     * @param frames the frames
     * @param header of the source a frame belongs to, never null
     * @return a source for each header
     * @see #groupFrames(Publisher, Function, GroupOptions)
     */
    public static Flux<Source> groupFrames(Publisher<? extends Frame> frames, Function<? super Frame, Frame> header) {
        return groupFrames(frames, header, GroupOptions.defaults());
    }

    /**
     * Sorts frames into bounded sources by a header: {@link #groupBy(Publisher, Function, GroupOptions) groupBy}, whose
     * groups come as sources. Discarding such a source discards its group.
     *
     * @param frames the frames
     * @param header of the source a frame belongs to, never null
     * @param options the bounds, and what happens at each
     * @return a source for each header
     */
    public static Flux<Source> groupFrames(
            Publisher<? extends Frame> frames, Function<? super Frame, Frame> header, GroupOptions options) {
        return NestedFlux.<Frame, Frame>groupBy(frames, checked(header, "header"), options)
                .map(group -> Source.of(group.key(), group, group::discard));
    }

    private static <T> Flux<T> from(Publisher<? extends T> publisher) {
        return Flux.from(Objects.requireNonNull(publisher, "publisher"));
    }

    private static <T> T checked(T argument, String name) {
        return Objects.requireNonNull(argument, name);
    }
}
