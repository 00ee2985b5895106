/** Compares Forge with its peers on one machine and one server: {@link dev.forge.benchmarks.Benchmarks}. */
@NullMarked
package dev.forge.benchmarks;

import org.jspecify.annotations.NullMarked;
