/** The command line. */
@NullMarked
package dev.sluice.hub.cli;

import org.jspecify.annotations.NullMarked;
