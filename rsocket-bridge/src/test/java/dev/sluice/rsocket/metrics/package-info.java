/** What is counted, timed and observed over real sockets. */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.metrics;
