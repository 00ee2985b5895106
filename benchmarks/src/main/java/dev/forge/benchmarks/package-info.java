/** Forge and its peers side by side, on one machine and one server; {@link dev.forge.benchmarks.Benchmarks} is the command. */
@NullMarked
package dev.forge.benchmarks;

import org.jspecify.annotations.NullMarked;
