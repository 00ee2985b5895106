/** The command that loads Forge, breaks its Redis, and watches its promises; {@link dev.forge.torture.Torture} is the start. */
@NullMarked
package dev.forge.torture;

import org.jspecify.annotations.NullMarked;
