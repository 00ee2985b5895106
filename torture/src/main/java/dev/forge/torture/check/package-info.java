/** The checks, each of one promise; a test feeds every class here a violation. */
@NullMarked
package dev.forge.torture.check;

import org.jspecify.annotations.NullMarked;
