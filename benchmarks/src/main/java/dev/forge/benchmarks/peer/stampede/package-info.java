/** Values that are loaded if missing, for each library: {@link dev.forge.benchmarks.peer.stampede.LoadingPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.stampede;

import org.jspecify.annotations.NullMarked;
