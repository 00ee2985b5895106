/**
 * Forge's own threads: the clock, background work, and callbacks.
 *
 * <p>Start at {@link dev.forge.redis.internal.thread.Scheduler}.
 */
@NullMarked
package dev.forge.redis.internal.thread;

import org.jspecify.annotations.NullMarked;
