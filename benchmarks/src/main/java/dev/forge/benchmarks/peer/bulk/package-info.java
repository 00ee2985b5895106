/** Many values at once: what each library makes of it; start at {@link dev.forge.benchmarks.peer.bulk.BulkPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.bulk;

import org.jspecify.annotations.NullMarked;
