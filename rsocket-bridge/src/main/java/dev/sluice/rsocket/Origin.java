package dev.sluice.rsocket;

import java.net.SocketAddress;

/**
 * Where a source comes from.
 *
 * @param address the other end of the connection
 * @param service the service that was called
 * @param node the name the other side gives itself, empty when it has none
 */
public record Origin(SocketAddress address, String service, String node) {}
