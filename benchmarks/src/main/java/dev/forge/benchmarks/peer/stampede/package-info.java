/** Values that are loaded when they are missing: what each library makes of it; start at {@link dev.forge.benchmarks.peer.stampede.LoadingPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.stampede;

import org.jspecify.annotations.NullMarked;
