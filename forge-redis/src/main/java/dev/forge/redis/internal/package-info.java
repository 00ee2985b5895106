/**
 * The core of a manager, and what it has open. Not for users: nothing here is exported.
 *
 * <p>Start at {@link dev.forge.redis.internal.Connections}.
 */
@NullMarked
package dev.forge.redis.internal;

import org.jspecify.annotations.NullMarked;
