/** Puts load on Forge, breaks its Redis, and checks its promises; start at {@link dev.forge.torture.Torture}. */
@NullMarked
package dev.forge.torture;

import org.jspecify.annotations.NullMarked;
