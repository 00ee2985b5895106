/** Digests that stand for secrets and long texts. */
@NullMarked
package dev.forge.redis.internal.digest;

import org.jspecify.annotations.NullMarked;
