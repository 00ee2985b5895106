package dev.forge.benchmarks.measure;

import dev.forge.redis.test.tls.TestCertificate;
import dev.forge.redis.test.tls.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.stream.Stream;

/**
 * A certificate authority that this process trusts until {@link #close}, instead of those of the JDK.
 *
 * <p>Its trust store is the one that the JDK's system properties name, so that no peer needs settings for it.
 */
final class TrustedAuthority implements AutoCloseable {
    private static final String STORE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "javax.net.ssl.trustStorePassword";

    private final Path folder;
    private final TestCertificates certificates;

    private TrustedAuthority(Path folder) {
        this.folder = folder;
        this.certificates = TestCertificates.in(folder);
    }

    static TrustedAuthority create() {
        try {
            TrustedAuthority authority = new TrustedAuthority(Files.createTempDirectory("benchmarks-tls"));
            authority.trust();
            return authority;
        } catch (IOException e) {
            throw new UncheckedIOException("The certificates cannot be written", e);
        }
    }

    /** Returns a certificate for a server on this machine. */
    TestCertificate server() {
        return certificates.server();
    }

    private void trust() throws IOException {
        Path file = folder.resolve("trusted.p12");
        String password = "of a file that is gone soon";
        try (InputStream certificate = Files.newInputStream(certificates.authority());
                OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
            store.store(out, password.toCharArray());
        } catch (GeneralSecurityException impossible) { // It is part of the JDK.
            throw new IllegalStateException(impossible);
        }
        System.setProperty(STORE, file.toString());
        System.setProperty(PASSWORD, password);
    }

    @Override
    public void close() {
        System.clearProperty(STORE);
        System.clearProperty(PASSWORD);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The certificates cannot be deleted", e);
        }
    }
}
