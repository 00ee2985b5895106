/**
 * Sessions kept in Redis, under the hash of an id that only the client has.
 *
 * <p>Start at {@link dev.forge.redis.session.SessionStore}. A {@link dev.forge.redis.session.Session} is what it knows of one
 * client; {@link dev.forge.redis.session.SessionSettings} says how long that lasts.
 */
@NullMarked
package dev.forge.redis.session;

import org.jspecify.annotations.NullMarked;
