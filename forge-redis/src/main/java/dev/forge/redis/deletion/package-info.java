/**
 * The report of a deletion by pattern.
 *
 * <p>Start at {@link dev.forge.redis.deletion.DeletionReport}.
 */
@NullMarked
package dev.forge.redis.deletion;

import org.jspecify.annotations.NullMarked;
