/** Proofs of sessions. */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.session;
