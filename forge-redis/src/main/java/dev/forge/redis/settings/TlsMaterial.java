package dev.forge.redis.settings;

import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys that the application keeps itself, instead of in files that Forge reads.
 *
 * @param keys the client's own certificate and key, for servers that demand one, or null
 * @param trust the certificates to trust, or null for those that the JVM trusts
 * @param ciphers the names of the cipher suites to allow; if empty, those of the JVM
 * @param protocols the versions of TLS to allow; if empty, TLSv1.3 and TLSv1.2
 */
public record TlsMaterial(
        @Nullable KeyManagerFactory keys,
        @Nullable TrustManagerFactory trust,
        List<String> ciphers,
        List<String> protocols) {

    /** Copies the lists. */
    public TlsMaterial {
        ciphers = List.copyOf(ciphers);
        protocols = List.copyOf(protocols);
    }

    /** Creates material for the usual cipher suites and versions of TLS. */
    public TlsMaterial(@Nullable KeyManagerFactory keys, @Nullable TrustManagerFactory trust) {
        this(keys, trust, List.of(), List.of());
    }
}
