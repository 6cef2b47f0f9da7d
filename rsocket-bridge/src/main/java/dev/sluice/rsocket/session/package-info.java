/**
 * One session of {@code sluice.v1}: streams, windows, and the drain that serves them. Knows records and nothing of RSocket: what
 * carries the batches is a {@link dev.sluice.rsocket.session.Link}.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.session;
