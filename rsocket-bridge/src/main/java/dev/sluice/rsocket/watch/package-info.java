/** Who is told what endpoints and their sessions do: metrics, traces, or what an application makes of it. */
@NullMarked
package dev.sluice.rsocket.watch;

import org.jspecify.annotations.NullMarked;
