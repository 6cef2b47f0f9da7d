/** Pipes: groups of members share what a destination sends, beside the queue groups of NATS. */
@NullMarked
package dev.sluice.perf.pipes;

import org.jspecify.annotations.NullMarked;
