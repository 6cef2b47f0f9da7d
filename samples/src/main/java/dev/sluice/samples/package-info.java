/** One small file per idea, and the demo that puts them together. */
@NullMarked
package dev.sluice.samples;

import org.jspecify.annotations.NullMarked;
