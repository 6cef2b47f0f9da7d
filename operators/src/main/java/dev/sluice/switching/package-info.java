/** Sinks and sources whose target changes while a stream runs, and the lease that gives one sender a target for itself. */
@NullMarked
package dev.sluice.switching;

import org.jspecify.annotations.NullMarked;
