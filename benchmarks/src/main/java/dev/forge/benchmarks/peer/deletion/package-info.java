/** Deletion by pattern, as each library does it: {@link dev.forge.benchmarks.peer.deletion.DeletionPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.deletion;

import org.jspecify.annotations.NullMarked;
