package dev.sluice.channel.memory;

/** Why a channel has a reader. */
enum Kind {
    /** Somebody listens; the reader is gone when he is. */
    LISTENER,

    /** Somebody joined a group that was not there. When the last member is gone the group stays, as long as the channel does. */
    JOINED,

    /** Somebody counts on the group, members or not: the channel stays for its sake. */
    CREATED
}
