/** What every benchmark tells, and how it is shown: rows, table, JSON, bar chart. */
@NullMarked
package dev.sluice.perf.report;

import org.jspecify.annotations.NullMarked;
