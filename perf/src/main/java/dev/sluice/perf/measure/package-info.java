/** How figures are taken: processes that take turns, shape by shape. */
@NullMarked
package dev.sluice.perf.measure;

import org.jspecify.annotations.NullMarked;
