/** Channels and everything that hands elements from senders to receivers. */
@NullMarked
package dev.sluice.channel;

import org.jspecify.annotations.NullMarked;
