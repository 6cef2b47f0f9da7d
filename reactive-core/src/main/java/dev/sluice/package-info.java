/** Frames, codecs and errors: what travels through a channel, and what can go wrong. */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
