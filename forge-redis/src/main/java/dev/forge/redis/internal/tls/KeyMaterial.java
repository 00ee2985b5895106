package dev.forge.redis.internal.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A private key and its certificate.
 *
 * @param chain the certificate, followed by those that lead to its authority
 */
public record KeyMaterial(PrivateKey key, List<X509Certificate> chain) {

    private static final byte[] PROBE = {1, 2, 3, 4};
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    public KeyMaterial {
        chain = List.copyOf(chain);
    }

    /**
     * Reads a certificate and its key.
     *
     * @param certificate the content of {@code certificateFile}
     * @param keyFile the PEM file with the key, or null if {@code certificateFile} is PKCS #12 and contains both
     * @param key the content of {@code keyFile}
     * @throws ExplainedException if they cannot be used; its message contains no password
     */
    public static KeyMaterial read(
            Path certificateFile, byte[] certificate, @Nullable Path keyFile, byte[] key, @Nullable String password)
            throws ExplainedException {
        KeyMaterial material = keyFile == null
                ? ofPkcs12(certificateFile, certificate, password)
                : new KeyMaterial(
                        PrivateKeys.read(keyFile, key, password), Pem.certificates(certificateFile, certificate));
        if (!fit(material.key, material.chain.get(0).getPublicKey())) {
            throw new ExplainedException("the key in " + (keyFile == null ? certificateFile : keyFile)
                    + " does not belong to the first certificate in " + certificateFile);
        }
        return material;
    }

    private static KeyMaterial ofPkcs12(Path file, byte[] content, @Nullable String secret) throws ExplainedException {
        char[] password = secret == null ? new char[0] : secret.toCharArray();
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
            // Without the cause, which may quote the content of the file.
            throw new ExplainedException("the certificate file " + file
                    + " is not a PKCS #12 file, or REDIS_TLS_KEY_PASSWORD is not its password; a PEM certificate needs"
                    + " its key in REDIS_TLS_KEY_FILE");
        }
        throw new ExplainedException("the certificate file " + file + " contains no key");
    }

    /** Returns whether {@code open} verifies a signature made with {@code secret}. */
    private static boolean fit(PrivateKey secret, PublicKey open) {
        try {
            Signature signature = Signature.getInstance(
                    switch (secret.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> secret.getAlgorithm();
                    });
            if (secret.getAlgorithm().equals("RSASSA-PSS")) {
                // Such a signature has no default parameters, and a key may allow only its own.
                AlgorithmParameterSpec own = secret instanceof RSAKey key ? key.getParams() : null;
                signature.setParameter(own == null ? PSS : own);
            }
            signature.initSign(secret);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // A key of another algorithm.
            return false;
        }
    }
}
