/** What an application does to the library in its own process, on a server that is well; each drill has managers of its own. */
@NullMarked
package dev.forge.torture.drill;

import org.jspecify.annotations.NullMarked;
