package dev.forge.redis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A private key, and the certificate that belongs to it.
 *
 * @param chain that certificate, and those that lead to its authority
 */
record KeyMaterial(PrivateKey key, List<X509Certificate> chain) {

    private static final byte[] PROBE = {1, 2, 3, 4};

    KeyMaterial {
        chain = List.copyOf(chain);
    }

    /**
     * Reads the contents of the files that {@code from} names.
     *
     * @param key the content of the file with the key, or null if it is in the other one
     * @throws ExplainedException if they cannot be used; it shows no password
     */
    static KeyMaterial read(ClientCertificate from, byte[] certificate, byte @Nullable [] key)
            throws ExplainedException {
        KeyMaterial material = key == null || from.keyFile() == null
                ? ofPkcs12(from, certificate)
                : new KeyMaterial(
                        PrivateKeys.read(from.keyFile(), key, from.password()),
                        Pem.certificates(from.certificateFile(), certificate));
        if (!fit(material.key, material.chain.get(0).getPublicKey())) {
            throw new ExplainedException(
                    "the key in " + (from.keyFile() == null ? from.certificateFile() : from.keyFile())
                            + " does not belong to the first certificate in " + from.certificateFile());
        }
        return material;
    }

    private static KeyMaterial ofPkcs12(ClientCertificate from, byte[] content) throws ExplainedException {
        char[] password =
                from.password() == null ? new char[0] : from.password().toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password);
            for (String alias : Collections.list(store.aliases())) {
                Certificate[] chain = store.getCertificateChain(alias);
                if (chain != null && store.getKey(alias, password) instanceof PrivateKey key) {
                    List<X509Certificate> certificates = new ArrayList<>();
                    for (Certificate certificate : chain) {
                        certificates.add((X509Certificate) certificate);
                    }
                    return new KeyMaterial(key, certificates);
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            // Not the cause: it may quote what it could not read.
            throw new ExplainedException("the certificate file " + from.certificateFile()
                    + " is no PKCS #12 file, or REDIS_TLS_KEY_PASSWORD is not its password; a PEM certificate needs its key"
                    + " in REDIS_TLS_KEY_FILE");
        }
        throw new ExplainedException("the certificate file " + from.certificateFile() + " holds no key");
    }

    /** Returns whether what {@code secret} signs is what {@code open} verifies. */
    private static boolean fit(PrivateKey secret, PublicKey open) {
        try {
            Signature signature = Signature.getInstance(
                    switch (secret.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> secret.getAlgorithm();
                    });
            signature.initSign(secret);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // A key of another kind.
            return false;
        }
    }
}
