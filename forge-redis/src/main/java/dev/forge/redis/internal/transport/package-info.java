/**
 * The bytes of a connection: finding the server, connecting, TLS, logging in, reading and writing.
 *
 * <p>Start at {@link dev.forge.redis.internal.transport.Dialer}.
 */
@NullMarked
package dev.forge.redis.internal.transport;

import org.jspecify.annotations.NullMarked;
