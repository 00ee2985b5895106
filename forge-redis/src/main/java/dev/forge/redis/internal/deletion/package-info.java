/**
 * Deletion of keys by pattern.
 *
 * <p>Start at {@link dev.forge.redis.internal.deletion.DeletionRun}.
 */
@NullMarked
package dev.forge.redis.internal.deletion;

import org.jspecify.annotations.NullMarked;
