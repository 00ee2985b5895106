/**
 * One command and its reply: their state, and their bytes on the wire.
 *
 * <p>Start at {@link dev.forge.redis.internal.protocol.Call}.
 */
@NullMarked
package dev.forge.redis.internal.protocol;

import org.jspecify.annotations.NullMarked;
