package dev.forge.redis.test.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.Client;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCertificatesTest {
    private static final char[] NO_PASSWORD = {};

    @TempDir
    Path folder;

    private TestCertificates certificates;

    @BeforeEach
    void makeAuthority() {
        certificates = TestCertificates.in(folder);
    }

    @Test
    void aServerIsTrustedForItsNameAndItsAddress() throws Exception {
        TestCertificate certificate = certificates.server();
        try (EmbeddedRedis redis = EmbeddedRedis.builder().tls(certificate).start()) {
            assertThat(redis.url()).isEqualTo("rediss://127.0.0.1:" + redis.port());
            assertThat(ping(redis, "localhost", certificate.authority(), null)).isEqualTo("+PONG");
            assertThat(ping(redis, "127.0.0.1", certificate.authority(), null)).isEqualTo("+PONG");

            redis.restart();
            redis.command("SET", "key", "value");
            assertThat(ping(redis, "localhost", certificate.authority(), null)).isEqualTo("+PONG");
        }
    }

    @Test
    void thePortOfAServerWithTlsAcceptsOnlyTls() {
        try (EmbeddedRedis redis =
                EmbeddedRedis.builder().tls(certificates.server()).start()) {
            assertThatThrownBy(() -> Client.call(redis, "PING")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aServerForAnotherHostIsRefused() {
        assertRefused(certificates.wrongHost(), certificates.authority(), "No subject alternative");
    }

    @Test
    void anExpiredServerIsRefused() {
        assertRefused(certificates.expired(), certificates.authority(), CertificateExpiredException.class.getName());
    }

    @Test
    void aSelfSignedServerIsRefused() {
        assertRefused(certificates.selfSigned(), certificates.authority(), "unable to find valid certification path");
    }

    @Test
    void aServerOfAnotherAuthorityIsRefused() {
        Path other = TestCertificates.in(folder).authority();

        assertRefused(certificates.server(), other, "PKIX path");
    }

    @Test
    void aSelfSignedServerIsTrustedByItsOwnCertificate() throws Exception {
        TestCertificate certificate = certificates.selfSigned();
        try (EmbeddedRedis redis = EmbeddedRedis.builder().tls(certificate).start()) {
            assertThat(ping(redis, "localhost", certificate.authority(), null)).isEqualTo("+PONG");
        }
    }

    @Test
    void aServerCanAskForTheCertificateOfItsClients() throws Exception {
        Path authority = certificates.authority();
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                .tls(certificates.server())
                .option("tls-auth-clients", "yes")
                .start()) {
            assertThat(ping(redis, "localhost", authority, certificates.client()))
                    .isEqualTo("+PONG");

            assertThatThrownBy(() -> ping(redis, "localhost", authority, null)).isInstanceOf(IOException.class);
            TestCertificate stranger = TestCertificates.in(folder).client();
            assertThatThrownBy(() -> ping(redis, "localhost", authority, stranger))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void tlsPassesThroughAProxy() throws Exception {
        TestCertificate certificate = certificates.server();
        try (EmbeddedRedis redis = EmbeddedRedis.builder().tls(certificate).start();
                FaultProxy proxy = FaultProxy.to(redis.port())) {
            assertThat(ping(proxy.port(), "localhost", certificate.authority(), null))
                    .isEqualTo("+PONG");
        }
    }

    @Test
    void writesCertificatesAsX509Requires() throws Exception {
        X509Certificate certificate = read(certificates.server().certificate());

        certificate.checkValidity();
        certificate.verify(read(certificates.authority()).getPublicKey());
        assertThat(read(certificates.authority()).getBasicConstraints()).isNotNegative();
        assertThat(certificate.getBasicConstraints()).isNegative();
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
    }

    private static void assertRefused(TestCertificate certificate, Path trusted, String reason) {
        try (EmbeddedRedis redis = EmbeddedRedis.builder().tls(certificate).start()) {
            assertThatThrownBy(() -> ping(redis, "localhost", trusted, null))
                    .isInstanceOf(SSLException.class)
                    .hasStackTraceContaining(reason);
        }
    }

    private static String ping(EmbeddedRedis redis, String host, Path trusted, @Nullable TestCertificate own)
            throws Exception {
        return ping(redis.port(), host, trusted, own);
    }

    /** A client of the JDK that checks the host as one of HTTPS does. */
    private static String ping(int port, String host, Path trusted, @Nullable TestCertificate own) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) context(trusted, own).getSocketFactory().createSocket(host, port)) {
            socket.setSoTimeout(5_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            OutputStream output = socket.getOutputStream();
            output.write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
        }
    }

    private static SSLContext context(Path trusted, @Nullable TestCertificate own) throws Exception {
        KeyStore authorities = emptyStore();
        authorities.setCertificateEntry("authority", read(trusted));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        KeyStore keys = emptyStore();
        if (own != null) {
            String pem = Files.readString(own.key()).replaceAll("-----.*?-----", "");
            PKCS8EncodedKeySpec key =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem));
            Certificate[] chain = {read(own.certificate())};
            keys.setKeyEntry("own", KeyFactory.getInstance("EC").generatePrivate(key), NO_PASSWORD, chain);
        }
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static X509Certificate read(Path pem) throws GeneralSecurityException, IOException {
        try (InputStream input = Files.newInputStream(pem)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(input);
        }
    }
}
