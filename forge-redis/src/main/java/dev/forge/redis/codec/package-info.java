/**
 * Values to bytes and back.
 *
 * <p>Start at {@link dev.forge.redis.codec.JsonCodec}; {@link dev.forge.redis.codec.Codec} is for formats of your own. This
 * is the only package that knows Jackson, and it knows nothing of Redis.
 */
@NullMarked
package dev.forge.redis.codec;

import org.jspecify.annotations.NullMarked;
