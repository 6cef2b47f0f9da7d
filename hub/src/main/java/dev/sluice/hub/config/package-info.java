/** The settings of a hub: from flags, the environment, a file, or by default; each knows which. */
@NullMarked
package dev.sluice.hub.config;

import org.jspecify.annotations.NullMarked;
