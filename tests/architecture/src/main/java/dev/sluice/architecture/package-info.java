/** Rules over all modules; they are tests, this package has nothing to run. */
@NullMarked
package dev.sluice.architecture;

import org.jspecify.annotations.NullMarked;
