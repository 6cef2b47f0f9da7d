/** Who may use a hub: the users file, its hashed secrets and what they allow. */
@NullMarked
package dev.sluice.hub.users;

import org.jspecify.annotations.NullMarked;
