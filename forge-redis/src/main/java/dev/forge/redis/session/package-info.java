/**
 * Sessions stored in Redis, under a hash of an id that only the client knows.
 *
 * <p>Start at {@link dev.forge.redis.session.SessionStore}. A {@link dev.forge.redis.session.Session} is a snapshot of
 * one client's session; {@link dev.forge.redis.session.SessionSettings} says how long sessions last.
 */
@NullMarked
package dev.forge.redis.session;

import org.jspecify.annotations.NullMarked;
