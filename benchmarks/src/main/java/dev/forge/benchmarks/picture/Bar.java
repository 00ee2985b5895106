package dev.forge.benchmarks.picture;

import dev.forge.benchmarks.measure.Spread;

/**
 * The bar of one library, as long as its median, with a line from its minimum to its maximum.
 *
 * @param highlighted whether it is the bar of Forge
 */
record Bar(String label, Spread value, boolean highlighted) {}
