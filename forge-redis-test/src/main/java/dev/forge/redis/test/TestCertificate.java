package dev.forge.redis.test;

import java.nio.file.Path;
import java.util.List;

/**
 * A certificate for tests, in files that both {@code redis-server} and a client read: see {@link TestCertificates}.
 *
 * @param certificate the certificate, in PEM
 * @param key its private key, in PEM (PKCS #8)
 * @param authority the certificate of the authority that signed it, in PEM, which a client must trust
 */
public record TestCertificate(Path certificate, Path key, Path authority) {
    /** The options of a server with this certificate; clients need none of their own. */
    List<Directive> directives() {
        return List.of(
                Directive.of("tls-cert-file", certificate.toString()),
                Directive.of("tls-key-file", key.toString()),
                Directive.of("tls-ca-cert-file", authority.toString()),
                Directive.of("tls-auth-clients", "no"));
    }
}
