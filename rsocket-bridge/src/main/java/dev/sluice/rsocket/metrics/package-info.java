/**
 * Meters and observations of what endpoints do, for Micrometer. The only package here that knows Micrometer: without it on the class path
 * everything else works.
 */
@NullMarked
package dev.sluice.rsocket.metrics;

import org.jspecify.annotations.NullMarked;
