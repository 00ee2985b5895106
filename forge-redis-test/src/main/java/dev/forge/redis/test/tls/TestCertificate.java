package dev.forge.redis.test.tls;

import java.nio.file.Path;

/**
 * A certificate for tests, in files that both {@code redis-server} and a client read: see {@link TestCertificates}.
 *
 * @param certificate the certificate, in PEM
 * @param key its private key, in PEM (PKCS #8)
 * @param authority the certificate of the authority that signed it, in PEM, which a client must trust
 */
public record TestCertificate(Path certificate, Path key, Path authority) {}
