/**
 * A command on its way, its reply, and the bytes of both.
 *
 * <p>Start at {@link dev.forge.redis.internal.protocol.Call}.
 */
@NullMarked
package dev.forge.redis.internal.protocol;

import org.jspecify.annotations.NullMarked;
