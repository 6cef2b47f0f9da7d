/** What an operator asks of a hub from elsewhere: its services re-aimed, its channels leased and looked at. */
@NullMarked
package dev.sluice.hub.control;

import org.jspecify.annotations.NullMarked;
