/**
 * Certificates and private keys: read, and shown to a server.
 *
 * <p>Start at {@link dev.forge.redis.internal.tls.KeyMaterial}.
 */
@NullMarked
package dev.forge.redis.internal.tls;

import org.jspecify.annotations.NullMarked;
