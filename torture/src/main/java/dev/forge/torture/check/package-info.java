/** What watches one promise each; every class here can be fed a violation by hand. */
@NullMarked
package dev.forge.torture.check;

import org.jspecify.annotations.NullMarked;
