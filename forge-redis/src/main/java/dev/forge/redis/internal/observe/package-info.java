/**
 * Notifies the observer of a manager: {@link dev.forge.redis.internal.observe.ObserverSlot}.
 */
@NullMarked
package dev.forge.redis.internal.observe;

import org.jspecify.annotations.NullMarked;
