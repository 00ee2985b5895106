/**
 * Reads of which Redis tells when they change: the base of the near cache and of waiting for a lease.
 *
 * <p>Start at {@link dev.forge.redis.internal.tracking.Tracking}.
 */
@NullMarked
package dev.forge.redis.internal.tracking;

import org.jspecify.annotations.NullMarked;
