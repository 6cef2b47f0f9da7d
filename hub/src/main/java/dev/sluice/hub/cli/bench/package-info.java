/** Load against a running hub, and what is measured of it. */
@NullMarked
package dev.sluice.hub.cli.bench;

import org.jspecify.annotations.NullMarked;
