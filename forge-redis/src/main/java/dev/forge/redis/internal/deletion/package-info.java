/**
 * How keys are found and deleted by pattern.
 *
 * <p>Start at {@link dev.forge.redis.internal.deletion.DeletionRun}.
 */
@NullMarked
package dev.forge.redis.internal.deletion;

import org.jspecify.annotations.NullMarked;
