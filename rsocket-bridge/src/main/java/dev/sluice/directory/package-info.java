/**
 * Which instances of a service there are, and where.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.directory;
