/** Problems in the application itself, on a healthy server; each drill has managers of its own. */
@NullMarked
package dev.forge.torture.drill;

import org.jspecify.annotations.NullMarked;
