/** What watchers are told and may wrap. */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.watch;
