/**
 * What RSocket clients that know nothing of Sluice can do with a server: routes beside the one of sessions. {@link dev.sluice.rsocket.plain.PlainRoutes}
 * is the way in; a {@code Route} says what is asked, an {@code Outflow} holds what leaves to the windows, a {@code Gate} to the socket.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket.plain;
