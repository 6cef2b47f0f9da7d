package dev.sluice.channel;

import dev.sluice.Frame;
import dev.sluice.channel.memory.MemoryChannelsProvider;
import dev.sluice.channel.spi.ChannelsConfig;
import dev.sluice.channel.spi.Engines;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A registry of channels by name.
 *
 * <p>Names are slash-separated paths, see {@link ChannelName}; where a method takes a prefix it selects whole segments, see
 * {@link NamePrefix}. A channel that is closed stays in the registry, so that its receivers find what is left; {@link
 * #delete} takes it away.
 *
 * <p>Thread safe. Everything but {@link #channel} is lazy: it happens at subscription, and for each one.
 */
public interface Channels {

    /**
     * Channels in memory, each with the {@linkplain ChannelOptions#defaults() default options} unless it is created with
     * others.
     *
     * @return a new, empty registry
     */
    static Channels inMemory() {
        return inMemory(ChannelOptions.defaults());
    }

    /**
     * Channels in memory.
     *
     * @param defaults the options of channels created by {@link #channel}; their name is ignored
     * @return a new, empty registry
     */
    static Channels inMemory(ChannelOptions defaults) {
        return MemoryChannelsProvider.channels(defaults);
    }

    /**
     * Opens a registry by URL, as {@code memory:?buffer_size=100&persistent=true}. The scheme names the engine, which is
     * found on the class path.
     *
     * <p>Options of channels, where the engine creates them:
     *
     * <ul>
     *   <li>{@code buffer_size}: the capacity, 0 for rendezvous. Default {@value ChannelOptions#DEFAULT_CAPACITY}
     *   <li>{@code retention}: {@code none}, {@code all}, {@code last:1000}, {@code bytes:64MiB} or {@code for:10m}.
     *       Default {@code none}
     *   <li>{@code persistent}: {@code true} keeps what was sent for those who come later; how much, {@code retention}
     *       says, or else it is the last 64 MiB of each channel. Default {@code false}
     *   <li>{@code when_no_group}: {@code hold} or {@code discard}. Default {@code hold}
     * </ul>
     *
     * @param url the engine, where it is, and its options
     * @return a registry, the caller's to close
     * @throws dev.sluice.ConfigurationException when the engine or an option is unknown, or a value out of bounds
     */
    static Channels open(String url) {
        return Engines.open(ChannelsConfig.parse(url));
    }

    /**
     * Opens a registry by configuration, as {@code {engine: memory, buffer_size: 100, persistent: true}}. The words are
     * those of {@linkplain #open(String) the URL}; its host, port and path are {@code host}, {@code port} and {@code
     * path}.
     *
     * @param config {@code engine} and its options; numbers and booleans may be given as such or as text
     * @return a registry, the caller's to close
     * @throws dev.sluice.ConfigurationException as for the URL
     */
    static Channels open(Map<String, ?> config) {
        return Engines.open(ChannelsConfig.of(config));
    }

    /**
     * The channel of a name; created with the registry's default options when there is none. Atomic: all callers get the
     * same channel until it is deleted. Does not block: where channels are on another machine, what this returns is a
     * handle.
     *
     * @param name the channel's name
     * @return the channel
     * @throws dev.sluice.InvalidNameException when the name breaks a rule
     * @throws dev.sluice.ChannelClosedException when the registry is closed
     */
    Channel<Frame> channel(String name);

    /**
     * Creates a channel.
     *
     * @param name the channel's name
     * @param options its options; their name is ignored
     * @return the channel; fails with {@link dev.sluice.ChannelExistsException} when the name is taken, also by a channel
     *     that is closed, and with {@link dev.sluice.InvalidNameException} when it breaks a rule
     */
    Mono<Channel<Frame>> create(String name, ChannelOptions options);

    /**
     * Finds a channel and never creates one.
     *
     * @param name the channel's name
     * @return the channel, or empty when there is none; fails when the name breaks a rule
     */
    Mono<Channel<Frame>> find(String name);

    /**
     * Deletes a channel: takes it out of the registry and {@linkplain Channel#close() closes} it. Sends that wait fail
     * with {@link dev.sluice.ChannelClosedException}, receivers get what is left and complete. From then on the name is
     * free: a channel created under it is another one.
     *
     * @param name the channel's name
     * @return false when there was none; fails when the name breaks a rule
     */
    Mono<Boolean> delete(String name);

    /**
     * Deletes a channel nobody would miss: one that {@link #channel} made of its own accord, that nothing is in, and that
     * nobody uses. It goes in one step: an element is accepted and the channel stays, or the channel is gone and the element
     * is refused.
     *
     * <p>A channel stays as long as
     *
     * <ul>
     *   <li>an element is in it: buffered, retained, delivered and not acknowledged, or waiting to be sent;
     *   <li>somebody receives or listens, a {@link Channel#sendAll} goes on, a sink is aimed at it, or it is leased;
     *   <li>it has a group by {@link Channel#createGroup}, whose members may come back for all that is sent. A group that
     *       somebody just joined, {@code default} for one, goes with the channel when all of its members have left;
     *   <li>somebody has said how it is to be: it was {@link #create created}, {@link #rename renamed} or {@linkplain
     *       Channel#resize resized}, or told {@linkplain Channel#retain what to keep}.
     * </ul>
     *
     * <p>A channel that was closed goes likewise, once its receivers have got what was left. How long a channel has been
     * idle is the caller's to know: see {@link ChannelStats}.
     *
     * <p>Who holds on to the channel finds it closed, and is told by {@link dev.sluice.ChannelExpiredException}, also when
     * he joins it: by its name he gets another one. A sink that is held, or diverted from the channel, is not aimed at it.
     *
     * @param name the channel's name
     * @return false when it stays, and nothing has changed, or when there is none; fails when the name breaks a rule. Always
     *     false in a registry whose channels are elsewhere: only who keeps them can do it in one step
     */
    default Mono<Boolean> deleteIfIdle(String name) {
        return Mono.fromCallable(() -> {
            ChannelName.require(name);
            return false;
        });
    }

    /**
     * Gives a channel another name, in one step, with all that is in it and all who use it: nobody who sends to it, receives
     * from it or listens notices. {@link Channel#name()}, its statistics and its messages tell the new name from then on,
     * and the old one is free. To itself it is renamed without effect.
     *
     * <p>{@link #events()} tell it as {@code Deleted} of the old name and {@code Created} of the new one, with nothing in
     * between; for {@link #list(String, String)}, {@link #stats(String, String)} and {@link #broadcast} likewise the one
     * goes and the other comes, and a broadcast that is under way meanwhile does not reach the channel twice. A channel
     * that was renamed stays until it is deleted: see {@link #deleteIfIdle}.
     *
     * <p>Who knows the channel by its old name alone, and looks for it there, does not find it; {@link #channel} makes
     * another one.
     *
     * @param from the name it has
     * @param to the name it is to have
     * @return false when there is no channel {@code from}; fails with {@link dev.sluice.ChannelExistsException} when {@code
     *     to} is taken, also by a channel that is closed, with {@link dev.sluice.InvalidNameException} when a name breaks a
     *     rule, and with {@link UnsupportedOperationException} in a registry whose channels are elsewhere
     */
    default Mono<Boolean> rename(String from, String to) {
        return Mono.error(
                () -> new UnsupportedOperationException("the channels of this registry cannot be renamed from here,"
                        + " because they are elsewhere: rename \"" + from + "\" where it is"));
    }

    /**
     * The names of all selected channels, as {@link #list(String, String)}.
     *
     * @param prefix what to list, see {@link NamePrefix}; empty for all
     * @return names; fails with {@link dev.sluice.InvalidNameException} when the prefix could not select anything
     */
    default Flux<String> list(String prefix) {
        return list(prefix, "");
    }

    /**
     * The names of the selected channels in their natural order, from a place in that order on. For a page, take as many as
     * it has, and begin the next one behind the last of them: what it costs does not depend on how many came before.
     *
     * <p>Names are read as they are asked for, nothing is copied ahead, so a registry of millions can be listed. A channel
     * that is there the whole time is listed exactly once; one that comes or goes meanwhile may be listed or not.
     *
     * @param prefix what to list, see {@link NamePrefix}; empty for all
     * @param after only names behind this one in the {@linkplain String#compareTo natural order}, itself excluded; empty for
     *     all. A place in the order and no more: it need not be the name of a channel, nor keep the rules for names
     * @return names; fails with {@link dev.sluice.InvalidNameException} when the prefix could not select anything
     */
    Flux<String> list(String prefix, String after);

    /**
     * How many channels there are.
     *
     * @return 0 or more
     */
    Mono<Long> count();

    /**
     * Readings of the counters of all selected channels, as {@link #stats(String, String)}.
     *
     * @param prefix what to read, see {@link NamePrefix}; empty for all
     * @return a reading per channel, under the same conditions as {@link #list(String, String)}
     */
    default Flux<ChannelStats> stats(String prefix) {
        return stats(prefix, "");
    }

    /**
     * Readings of the selected channels' counters in the order of their names, each taken when it is asked for.
     *
     * @param prefix what to read, see {@link NamePrefix}; empty for all
     * @param after only channels behind this name, as for {@link #list(String, String)}; empty for all
     * @return a reading per channel, under the same conditions as {@link #list(String, String)}
     */
    Flux<ChannelStats> stats(String prefix, String after);

    /**
     * What happens to the registry from now on: channels created and deleted, in the order it happened. Every subscriber
     * has a buffer for 256 events; one that is slower than that gets a {@link ChannelEvent.Missed} in the place of those
     * that found no room.
     *
     * <p>To mirror a registry: subscribe, then {@linkplain #list(String) list}, and list again after {@code Missed}.
     *
     * @return events; completes when the registry is closed
     */
    Flux<ChannelEvent> events();

    /**
     * Sends an element to every selected channel that has room for it now, and says which had.
     *
     * @param prefix where to send, see {@link NamePrefix}; empty for all
     * @param frame the element
     * @return the outcome at every channel
     */
    default Mono<BroadcastResult> broadcast(String prefix, Frame frame) {
        return broadcast(prefix, frame, BroadcastOptions.NO_WAIT);
    }

    /**
     * Sends an element to every selected channel, and says channel by channel what became of it. Channels are
     * independent: one that is full or fails does not hold up another.
     *
     * <p>The channels are those {@link #list(String)} gives at subscription. A cancel withdraws the element where it still waits;
     * what was accepted stays.
     *
     * @param prefix where to send, see {@link NamePrefix}; empty for all
     * @param frame the element
     * @param options whether to wait for those without room
     * @return the outcome at every channel; an error at one channel is an outcome, not the error of this {@code Mono}
     */
    Mono<BroadcastResult> broadcast(String prefix, Frame frame, BroadcastOptions options);

    /**
     * Closes the registry: events complete, every channel is closed as by {@link #delete}, and no more are created.
     * Idempotent. A registry whose channels are elsewhere lets go of them, and leaves them as they are.
     *
     * @return completes when it is done
     */
    Mono<Void> close();

    /**
     * Whether the registry is closed.
     *
     * @return true from the first {@link #close()} on
     */
    boolean isClosed();
}
