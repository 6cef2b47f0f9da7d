/**
 * Outlets: producers on one machine as named services of another, where a third one can say which channel they send to, and they do not notice.
 * {@link dev.sluice.rsocket.outlet.Outlets} are on the server, {@link dev.sluice.rsocket.outlet.RemoteOutlets} are those over there.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.outlet;
