/** Rate limits, as each library checks them: {@link dev.forge.benchmarks.peer.limit.LimitPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.limit;

import org.jspecify.annotations.NullMarked;
