/** Deletion by pattern: what each library makes of it; start at {@link dev.forge.benchmarks.peer.deletion.DeletionPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.deletion;

import org.jspecify.annotations.NullMarked;
