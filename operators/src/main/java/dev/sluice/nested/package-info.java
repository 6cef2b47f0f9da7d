/** Streams of streams: merging, ordering, limiting and ignoring sources. */
@NullMarked
package dev.sluice.nested;

import org.jspecify.annotations.NullMarked;
