/** The firmware update: services that share a channel, an updater that needs it for itself, and a ledger of every element. */
@NullMarked
package dev.sluice.samples.demo;

import org.jspecify.annotations.NullMarked;
