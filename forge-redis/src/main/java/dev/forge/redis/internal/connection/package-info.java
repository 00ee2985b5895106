/**
 * One connection: opened, written to, monitored, and opened again when it is lost.
 *
 * <p>Start at {@link dev.forge.redis.internal.connection.ReconnectingConnection}.
 */
@NullMarked
package dev.forge.redis.internal.connection;

import org.jspecify.annotations.NullMarked;
