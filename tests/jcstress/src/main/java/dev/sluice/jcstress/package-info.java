/** Shows that the harness itself sees races; the races of Sluice's own classes sit in the packages of those classes. */
@NullMarked
package dev.sluice.jcstress;

import org.jspecify.annotations.NullMarked;
