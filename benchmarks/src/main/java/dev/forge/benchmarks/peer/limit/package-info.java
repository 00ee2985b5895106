/** Rate limits: what each library makes of it; start at {@link dev.forge.benchmarks.peer.limit.LimitPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.limit;

import org.jspecify.annotations.NullMarked;
