/**
 * Channels as files over 9P, for programs that know nothing of Sluice.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.ninep;
