/** Values in the memory of the process, for each library: {@link dev.forge.benchmarks.peer.near.NearPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.near;

import org.jspecify.annotations.NullMarked;
