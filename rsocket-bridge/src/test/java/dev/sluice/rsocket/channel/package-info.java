/** Proofs that channels from afar are channels. */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.channel;
