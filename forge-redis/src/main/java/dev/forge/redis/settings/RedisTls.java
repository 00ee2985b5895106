package dev.forge.redis.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether the connection is encrypted, which servers it trusts, and the certificate that it shows.
 *
 * <p>The files are read again at each connect, so that certificates can be rotated without a restart. A file that cannot be
 * used counts as a connection that could not be made, and is read again at the next attempt.
 *
 * @param enabled whether to use TLS
 * @param verify whether the certificate and the host name of the server are verified; without it anybody on the way can read
 *     and change everything
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

    /** Makes one without a certificate of the client's own. */
    public RedisTls(boolean enabled, boolean verify, @Nullable Path caFile) {
        this(enabled, verify, caFile, null);
    }

    /** Returns these rules with other certificates to trust. */
    public RedisTls withCaFile(@Nullable Path caFile) {
        return new RedisTls(enabled, verify, caFile, certificate);
    }

    /** Returns these rules with another certificate of the client's own. */
    public RedisTls withCertificate(@Nullable ClientCertificate certificate) {
        return new RedisTls(enabled, verify, caFile, certificate);
    }
}
