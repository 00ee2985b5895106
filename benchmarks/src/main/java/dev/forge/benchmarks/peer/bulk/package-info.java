/** Many values at once, as each library reads them: {@link dev.forge.benchmarks.peer.bulk.BulkPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.bulk;

import org.jspecify.annotations.NullMarked;
