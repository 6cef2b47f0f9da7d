/** Channels as files: a client drives Sluice's server of 9P and diod with the same work. */
@NullMarked
package dev.sluice.perf.files;

import org.jspecify.annotations.NullMarked;
