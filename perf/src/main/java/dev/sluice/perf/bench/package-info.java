/** The JMH benchmarks: what is measured, of Sluice and of its peers. */
@NullMarked
package dev.sluice.perf.bench;

import org.jspecify.annotations.NullMarked;
