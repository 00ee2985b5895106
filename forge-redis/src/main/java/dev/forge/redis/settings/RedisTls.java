package dev.forge.redis.settings;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.function.Supplier;
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
 * @param provider supplies certificates and keys instead of those files, or null: see {@link #ofProvider}
 */
public record RedisTls(
        boolean enabled,
        boolean verify,
        @Nullable Path caFile,
        @Nullable ClientCertificate certificate,
        @Nullable Supplier<TlsMaterial> provider) {

    /** No encryption. */
    public static final RedisTls OFF = new RedisTls(false, true, null);

    /** Encryption with full verification against the certificates that the JVM trusts. */
    public static final RedisTls VERIFIED = new RedisTls(true, true, null);

    /** Checks that the files and the provider are not both given. */
    public RedisTls {
        if (provider != null && (caFile != null || certificate != null)) {
            throw new IllegalArgumentException("provider must be null where caFile or certificate is given");
        }
    }

    /** Creates settings without a client certificate. */
    public RedisTls(boolean enabled, boolean verify, @Nullable Path caFile) {
        this(enabled, verify, caFile, null);
    }

    /** Creates settings whose certificates and keys are in files. */
    public RedisTls(boolean enabled, boolean verify, @Nullable Path caFile, @Nullable ClientCertificate certificate) {
        this(enabled, verify, caFile, certificate, null);
    }

    /**
     * Returns encryption with full verification, and the certificates and keys that {@code provider} supplies.
     *
     * <p>It is called before each connect, so that what it supplies can be rotated without a restart. It may block: the
     * call is made on a daemon thread of its own, {@code forge-redis-tls-*}, and simultaneous connects share it. A call
     * that has not returned within {@link RedisSettings#socketTimeout()} counts as failed and is interrupted. It is
     * called again while the connection is made, and should then return at once. If it throws, the attempt to connect
     * fails, and the next attempt calls it again, unless three calls have still not returned.
     */
    public static RedisTls ofProvider(Supplier<TlsMaterial> provider) {
        return new RedisTls(true, true, null, null, requireNonNull(provider, "provider"));
    }

    /** Returns these settings with other certificates to trust. */
    public RedisTls withCaFile(@Nullable Path caFile) {
        return new RedisTls(enabled, verify, caFile, certificate, provider);
    }

    /** Returns these settings with another client certificate. */
    public RedisTls withCertificate(@Nullable ClientCertificate certificate) {
        return new RedisTls(enabled, verify, caFile, certificate, provider);
    }
}
