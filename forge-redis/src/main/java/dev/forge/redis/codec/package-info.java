/**
 * Codecs, which convert values to bytes and back.
 *
 * <p>Start at {@link dev.forge.redis.codec.JsonCodec}; implement {@link dev.forge.redis.codec.Codec} for other formats.
 * This is the only package that depends on Jackson, and it does not depend on Redis.
 */
@NullMarked
package dev.forge.redis.codec;

import org.jspecify.annotations.NullMarked;
