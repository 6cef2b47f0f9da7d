/**
 * Nested streams over one RSocket connection, and the services its two sides offer each other.
 */
@org.jspecify.annotations.NullMarked
package dev.sluice.rsocket;
