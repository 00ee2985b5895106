/** The streams of work that run during the faults, each with the check of its promise. */
@NullMarked
package dev.forge.torture.load;

import org.jspecify.annotations.NullMarked;
