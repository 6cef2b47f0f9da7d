/**
 * Destinations, and groups that receive from them, found through a directory.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.pipes;
