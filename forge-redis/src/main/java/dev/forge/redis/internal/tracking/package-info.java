/**
 * Reads that Redis invalidates when the value changes: the base of the near cache and of waiting for a lease.
 *
 * <p>Start at {@link dev.forge.redis.internal.tracking.Tracking}.
 */
@NullMarked
package dev.forge.redis.internal.tracking;

import org.jspecify.annotations.NullMarked;
