/**
 * What a manager says about itself: counts on request, and events to one observer.
 *
 * <p>Start at {@link dev.forge.redis.observe.RedisObserver}, for meters and traces. {@link
 * dev.forge.redis.observe.ConnectionStats} is the state of the connections.
 */
@NullMarked
package dev.forge.redis.observe;

import org.jspecify.annotations.NullMarked;
