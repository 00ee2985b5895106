/** Forge and its peers side by side, on one machine and one server. */
@NullMarked
package dev.forge.benchmarks;

import org.jspecify.annotations.NullMarked;
