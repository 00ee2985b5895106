/**
 * The thread, connections and faults of a proxy.
 *
 * <p>Internal: use {@link dev.forge.redis.test.FaultProxy} instead.
 */
@NullMarked
package dev.forge.redis.test.proxy;

import org.jspecify.annotations.NullMarked;
