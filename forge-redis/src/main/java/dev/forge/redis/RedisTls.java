package dev.forge.redis;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether the connection is encrypted, and whom it trusts.
 *
 * @param enabled whether to use TLS
 * @param verify whether the certificate and the host name of the server are verified; without it anybody on the way can read
 *     and change everything
 * @param caFile a PEM file with the certificates to trust, or null for those that the JVM trusts
 */
public record RedisTls(
        boolean enabled, boolean verify, @Nullable Path caFile) {

    /** No encryption. */
    public static final RedisTls OFF = new RedisTls(false, true, null);

    /** Encryption with full verification against the certificates that the JVM trusts. */
    public static final RedisTls VERIFIED = new RedisTls(true, true, null);
}
