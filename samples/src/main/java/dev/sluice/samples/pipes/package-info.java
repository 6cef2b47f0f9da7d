/**
 * A destination and two groups that share what it sends: three programs.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.samples.pipes;
