package dev.sluice.hub.control;

/**
 * What a holder is told of its lease.
 *
 * @param id a secret: who has it sends through the lease
 * @param channel what is leased
 * @param holder who has it
 * @param token the fencing token
 * @param ttlMillis after which it ends unless it is renewed; 0 when it does not end by itself
 */
record LeaseGrant(String id, String channel, String holder, long token, long ttlMillis) {}
