package dev.sluice.hub.control;

/**
 * A lease at one moment.
 *
 * @param channel what is leased
 * @param holder who has it
 * @param token its fencing token: grows with each lease of the channel
 * @param others what becomes of the others: {@code /dev/null}, {@code hold}, or the channel they are diverted to
 * @param remainingMillis until it ends unless it is renewed; -1 when it does not end by itself
 */
public record LeaseInfo(String channel, String holder, long token, String others, long remainingMillis) {}
