/** One runnable folder per idea. */
@NullMarked
package dev.sluice.samples;

import org.jspecify.annotations.NullMarked;
