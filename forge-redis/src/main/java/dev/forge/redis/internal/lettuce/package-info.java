/** The client for a user's own commands; nothing else uses Lettuce. */
@NullMarked
package dev.forge.redis.internal.lettuce;

import org.jspecify.annotations.NullMarked;
