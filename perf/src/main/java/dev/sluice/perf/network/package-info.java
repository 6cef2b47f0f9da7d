/** The network: Sluice beside its peers over loopback, both ends in processes of their own. */
@NullMarked
package dev.sluice.perf.network;

import org.jspecify.annotations.NullMarked;
