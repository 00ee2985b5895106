/** Values in the memory of the process: what each library makes of it; start at {@link dev.forge.benchmarks.peer.near.NearPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.near;

import org.jspecify.annotations.NullMarked;
