/** The libraries that are compared, one small class for each; {@link dev.forge.benchmarks.peer.Library} lists them. */
@NullMarked
package dev.forge.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
