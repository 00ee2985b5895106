/** Numbers: what is measured, by what means, and how the rounds of peers take turns; start at {@link dev.forge.benchmarks.measure.Bench}. */
@NullMarked
package dev.forge.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
