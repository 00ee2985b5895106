/**
 * Loads of one process: callers that want the same key at the same time share one load, and a loader that would wait for itself is
 * refused.
 *
 * <p>Start at {@link dev.forge.redis.internal.cache.flight.SingleFlight}. {@link dev.forge.redis.internal.cache.flight.LoaderRun} knows
 * which loader waits for which look-up.
 */
@NullMarked
package dev.forge.redis.internal.cache.flight;

import org.jspecify.annotations.NullMarked;
