package dev.forge.redis.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether the connection is encrypted, which servers it trusts, and the certificate that it presents.
 *
 * <p>The files are read again at each connect, so that certificates can be rotated without a restart. If a file cannot
 * be used, the attempt to connect fails, and the next attempt reads it again.
 *
 * @param enabled whether to use TLS
 * @param verify whether the certificate and the host name of the server are verified; if not, an attacker on the
 *     network path can read and change everything
 * @param caFile a PEM file with the certificates to trust, or null for those that the JVM trusts
 * @param certificate the client's own certificate, for servers that demand one (mutual TLS), or null
 */
public record RedisTls(
        boolean enabled,
        boolean verify,
        @Nullable Path caFile,
        @Nullable ClientCertificate certificate) {

    /** No encryption. */
    public static final RedisTls OFF = new RedisTls(false, true, null);

    /** Encryption with full verification against the certificates that the JVM trusts. */
    public static final RedisTls VERIFIED = new RedisTls(true, true, null);

    /** Creates settings without a certificate of the client. */
    public RedisTls(boolean enabled, boolean verify, @Nullable Path caFile) {
        this(enabled, verify, caFile, null);
    }

    /** Returns these settings with other certificates to trust. */
    public RedisTls withCaFile(@Nullable Path caFile) {
        return new RedisTls(enabled, verify, caFile, certificate);
    }

    /** Returns these settings with another certificate of the client. */
    public RedisTls withCertificate(@Nullable ClientCertificate certificate) {
        return new RedisTls(enabled, verify, caFile, certificate);
    }
}
