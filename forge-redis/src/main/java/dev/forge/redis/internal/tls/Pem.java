package dev.forge.redis.internal.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is in a PEM file (RFC 7468): blocks of base64 with a label, and anything in between. */
public final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

    private Pem() {}

    /**
     * One block.
     *
     * @param body what stands between its two lines: base64, in old files behind headers
     */
    record Block(String label, String body) {

        /** Returns whether it is encrypted in the way of OpenSSL before version 1.0. */
        boolean hasHeaders() {
            return body.contains(":");
        }

        /** @throws IllegalArgumentException if it is no base64 */
        byte[] content() {
            return Base64.getMimeDecoder().decode(body);
        }
    }

    static List<Block> blocks(byte[] content) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(content, ISO_8859_1));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    /**
     * Returns the certificates in {@code content}, which is that of {@code file}; at least one.
     *
     * @throws ExplainedException if there is none, or one cannot be read
     */
    public static List<X509Certificate> certificates(Path file, byte[] content) throws ExplainedException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(content)) {
                if (block.label().endsWith("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new ExplainedException("a certificate in " + file + " cannot be read", e);
        }
        if (certificates.isEmpty()) {
            throw new ExplainedException(
                    file + " holds no certificate in PEM (-----BEGIN CERTIFICATE-----); openssl x509 -inform DER"
                            + " converts one");
        }
        return certificates;
    }
}
