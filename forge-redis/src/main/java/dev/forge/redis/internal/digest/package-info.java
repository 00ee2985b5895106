/** Digests, by which secrets and long texts are named. */
@NullMarked
package dev.forge.redis.internal.digest;

import org.jspecify.annotations.NullMarked;
