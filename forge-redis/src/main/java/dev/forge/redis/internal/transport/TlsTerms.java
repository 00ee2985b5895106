package dev.forge.redis.internal.transport;

import dev.forge.redis.internal.tls.KeyMaterial;
import dev.forge.redis.internal.tls.OnlyKey;
import dev.forge.redis.settings.TlsMaterial;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a connection with TLS uses.
 *
 * @param keys the client's own certificate and key, or null
 * @param trust the certificates to trust, or null for those that the JVM trusts
 * @param ciphers the names of the cipher suites to allow; if empty, those of the JVM
 * @param protocols the versions of TLS to allow
 */
public record TlsTerms(
        @Nullable KeyManager keys, @Nullable TrustManager trust, List<String> ciphers, List<String> protocols) {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** Returns the terms with certificates that were read from files; if {@code trusted} is empty, the JVM's. */
    public static TlsTerms of(@Nullable KeyMaterial own, List<X509Certificate> trusted) throws IOException {
        return new TlsTerms(new OnlyKey(own), trusted.isEmpty() ? null : trusting(trusted), List.of(), PROTOCOLS);
    }

    /** Returns the terms with what the application keeps itself. */
    public static TlsTerms of(TlsMaterial material) {
        return new TlsTerms(
                material.keys() == null ? null : first(material.keys().getKeyManagers()),
                material.trust() == null ? null : first(material.trust().getTrustManagers()),
                material.ciphers(),
                material.protocols().isEmpty() ? PROTOCOLS : material.protocols());
    }

    // The first is the only one of a kind that the JDK would use.
    private static <T> @Nullable T first(T[] managers) {
        return managers.length == 0 ? null : managers[0];
    }

    private static @Nullable TrustManager trusting(List<X509Certificate> certificates) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate certificate : certificates) {
                store.setCertificateEntry(String.valueOf(store.size()), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return first(factory.getTrustManagers());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Returns a context for one connection; if not {@code verify}, it trusts every server. */
    public SSLContext context(boolean verify) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager used = verify ? trust : new AnyServer();
            context.init(
                    keys == null ? null : new KeyManager[] {keys},
                    used == null ? null : new TrustManager[] {used},
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
