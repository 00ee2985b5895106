/** The streams of work that go on while faults come and go, each with the check of its promise. */
@NullMarked
package dev.forge.torture.load;

import org.jspecify.annotations.NullMarked;
