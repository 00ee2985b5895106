/** Measures rounds in which peers take turns, and keeps the numbers: {@link dev.forge.benchmarks.measure.Bench}. */
@NullMarked
package dev.forge.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
