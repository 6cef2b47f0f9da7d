/** Connections: RSocket frames over TCP and WebSocket with Reactor Netty, whose unwritten bytes can be told. */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.transport;
