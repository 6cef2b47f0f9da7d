/** One server around all of Sluice: channels, services, hot swap and leases for anybody with a connection. */
@NullMarked
package dev.sluice.hub;

import org.jspecify.annotations.NullMarked;
