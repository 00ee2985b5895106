package dev.forge.redis.test.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * A throw-away certificate authority for tests, and certificates of servers and clients, good and bad.
 *
 * <p>Needs nothing outside this JVM, and keeps nothing but the files. Good certificates are valid from an hour ago for
 * a day. All keys are on the curve P-256.
 *
 * <pre>{@code
 * TestCertificates certificates = TestCertificates.in(folder);
 * EmbeddedRedis.builder().tls(certificates.server()).start();
 * }</pre>
 *
 * <p>Each call makes a new certificate, in files with a name of their own. Methods throw {@link
 * UncheckedIOException} if a file cannot be written. Thread-safe.
 */
public final class TestCertificates {
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.identifier(1, 2, 840, 10045, 4, 3, 2));
    private static final byte[] COMMON_NAME = Der.identifier(2, 5, 4, 3);
    private static final byte[] ALTERNATIVE_NAMES = Der.identifier(2, 5, 29, 17);
    private static final byte[] BASIC_CONSTRAINTS = Der.identifier(2, 5, 29, 19);
    private static final BigInteger VERSION_3 = BigInteger.TWO;

    private static final byte[] LOOPBACK =
            Der.sequence(alternativeName(2, ascii("localhost")), alternativeName(7, new byte[] {127, 0, 0, 1}));
    private static final byte[] ELSEWHERE = Der.sequence(alternativeName(2, ascii("elsewhere.example")));

    private static final Duration LIFE = Duration.ofDays(1);
    private static final Duration AGE = Duration.ofHours(1);

    private final Path folder;
    private final KeyPair authorityKey;
    private final Path authority;

    private TestCertificates(Path folder) {
        this.folder = folder;
        this.authorityKey = newKey();
        byte[] certificate = signed(authorityKey, "authority", authorityKey, "authority", notBefore(), constraints());
        this.authority = write("authority", "CERTIFICATE", certificate);
    }

    /** An authority whose files, and those of all its certificates, are in {@code folder}, which must exist. */
    public static TestCertificates in(Path folder) {
        return new TestCertificates(folder);
    }

    /** The certificate of the authority, in PEM: what a client must trust. */
    public Path authority() {
        return authority;
    }

    /** A certificate for {@code localhost} and {@code 127.0.0.1}. */
    public TestCertificate server() {
        return issue("server", notBefore(), LOOPBACK);
    }

    /** A certificate with the right signature for the host {@code elsewhere.example}. */
    public TestCertificate wrongHost() {
        return issue("wrong-host", notBefore(), ELSEWHERE);
    }

    /** A certificate for the right host that was valid until an hour ago. */
    public TestCertificate expired() {
        return issue("expired", notBefore().minus(LIFE), LOOPBACK);
    }

    /** A self-signed certificate for the right host, which is its own {@link TestCertificate#authority}. */
    public TestCertificate selfSigned() {
        KeyPair key = newKey();
        byte[] content = signed(key, "self-signed", key, "self-signed", notBefore(), names(LOOPBACK));
        Path certificate = write("self-signed", "CERTIFICATE", content);
        return new TestCertificate(certificate, writeKey("self-signed", key), certificate);
    }

    /** A certificate for a client, for servers with the option {@code tls-auth-clients}. */
    public TestCertificate client() {
        return issue("client", notBefore(), ELSEWHERE);
    }

    private TestCertificate issue(String name, Instant notBefore, byte[] alternativeNames) {
        KeyPair key = newKey();
        byte[] content = signed(key, name, authorityKey, "authority", notBefore, names(alternativeNames));
        return new TestCertificate(write(name, "CERTIFICATE", content), writeKey(name, key), authority);
    }

    /** A certificate of X.509 (RFC 5280, section 4.1). */
    private static byte[] signed(
            KeyPair key, String subject, KeyPair issuerKey, String issuer, Instant notBefore, byte[] extension) {
        byte[] content = Der.sequence(
                Der.explicit(0, Der.integer(VERSION_3)),
                Der.integer(new BigInteger(63, new SecureRandom()).add(BigInteger.ONE)),
                ECDSA_WITH_SHA256,
                name(issuer),
                Der.sequence(Der.time(notBefore), Der.time(notBefore.plus(LIFE))),
                name(subject),
                key.getPublic().getEncoded(),
                Der.explicit(3, Der.sequence(extension)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(issuerKey.getPrivate());
            signature.update(content);
            return Der.sequence(content, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
        } catch (GeneralSecurityException impossible) { // It is part of the JDK.
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] name(String commonName) {
        return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.text(commonName))));
    }

    private static byte[] names(byte[] alternativeNames) {
        return Der.sequence(ALTERNATIVE_NAMES, Der.octets(alternativeNames));
    }

    /** It is an authority, marked as critical: a client that does not understand that must refuse it. */
    private static byte[] constraints() {
        return Der.sequence(BASIC_CONSTRAINTS, Der.yes(), Der.octets(Der.sequence(Der.yes())));
    }

    /** A name of a host (2) or an address (7). */
    private static byte[] alternativeName(int kind, byte[] content) {
        return Der.tagged(0x80 + kind, content);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Instant notBefore() {
        return Instant.now().minus(AGE);
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) { // It is part of the JDK.
            throw new IllegalStateException(impossible);
        }
    }

    private Path writeKey(String name, KeyPair key) {
        return write(name + "-key", "PRIVATE KEY", key.getPrivate().getEncoded());
    }

    private Path write(String name, String label, byte[] content) {
        Base64.Encoder base64 = Base64.getMimeEncoder(64, ascii("\n"));
        String pem =
                "-----BEGIN " + label + "-----\n" + base64.encodeToString(content) + "\n-----END " + label + "-----\n";
        try {
            return Files.writeString(Files.createTempFile(folder, name + "-", ".pem"), pem);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
