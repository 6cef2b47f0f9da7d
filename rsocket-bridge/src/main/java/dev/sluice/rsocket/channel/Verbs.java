package dev.sluice.rsocket.channel;

/** Names of the services through which channels are used, and of their tags; see {@code docs/protocol.md}. */
final class Verbs {

    // Done once for each number of a publisher, however often they are called.
    static final String SEND = "channel.send";
    static final String SEND_ALL = "channel.sendAll";
    static final String WITHDRAW = "channel.withdraw";
    static final String CREATE = "channel.create";
    static final String DELETE = "channel.delete";
    static final String RESIZE = "channel.resize";
    static final String CREATE_GROUP = "channel.createGroup";
    static final String REMOVE_GROUP = "channel.removeGroup";
    static final String CLOSE = "channel.close";
    static final String BROADCAST = "channel.broadcast";

    /** Whether the server remembers this publisher, whose earlier sessions have ended when it answers; from now on it does. */
    static final String REMEMBER = "channel.remember";

    // Only read.
    static final String FIND = "channel.find";
    static final String LIST = "channel.list";
    static final String COUNT = "channel.count";
    static final String STATS = "channel.stats";
    static final String EVENTS = "channel.events";

    static final String RECEIVE = "channel.receive";
    static final String LISTEN = "channel.listen";

    /** The channel's name. */
    static final String CHANNEL = "channel";

    /** Which channels. */
    static final String PREFIX = "prefix";

    /** Of a list: behind which place in the order of names it begins. */
    static final String AFTER = "after";

    /** The number of this operation among those of its publisher. */
    static final String NUMBER = "number";

    /** Which of the publisher's lines of numbers; without it, the first. */
    static final String LINE = "line";

    /** The smallest number whose outcome the publisher does not know yet. */
    static final String LOWEST = "lowest";

    /** Numbers above the lowest whose outcome the publisher knows too: {@code 7,9-12}. */
    static final String SETTLED = "settled";

    /** Of a send: {@code true} takes no for an answer. */
    static final String TRY = "try";

    /** The receiving group. */
    static final String GROUP = "group";

    /** The most deliveries that may be unacknowledged. */
    static final String MOST = "most";

    /** Where a listener or a group begins: {@code latest}, {@code earliest} or an offset. */
    static final String FROM = "from";

    /** Of which channel of this name {@code from} is an offset: what the header of an earlier answer said. */
    static final String OF = "of";

    static final String OVERFLOW = "overflow";
    static final String BUFFER = "buffer";
    static final String CAPACITY = "capacity";
    static final String RETENTION = "retention";
    static final String WHEN_NO_GROUP = "when_no_group";

    /** The message with which a channel is closed; without it, it is closed in order. */
    static final String CAUSE = "cause";

    /** How long a broadcast waits, in milliseconds; 0 not at all, {@code forever} without limit. */
    static final String WAIT = "wait";

    private Verbs() {}
}
