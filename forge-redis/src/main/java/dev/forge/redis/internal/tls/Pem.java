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

/** Reads PEM files (RFC 7468): labelled blocks of base64, with any text in between. */
public final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

    private Pem() {}

    /**
     * One block.
     *
     * @param body the text between the BEGIN and END lines: base64, preceded by headers in old files
     */
    record Block(String label, String body) {

        /** Returns whether it is encrypted in the format of OpenSSL before version 1.0. */
        boolean hasHeaders() {
            return body.contains(":");
        }

        /** @throws IllegalArgumentException if the body is not base64 */
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
     * Returns the certificates in {@code content}, which was read from {@code file}; at least one.
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
                    file + " contains no certificate in PEM (-----BEGIN CERTIFICATE-----); convert a DER file with"
                            + " openssl x509 -inform DER");
        }
        return certificates;
    }
}
