package dev.forge.redis.internal.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads a private key from PEM: PKCS #8, encrypted or not, and the older formats of OpenSSL.
 *
 * <p>Those are {@code RSA PRIVATE KEY} (RFC 8017, appendix A.1.2) and {@code EC PRIVATE KEY} (RFC 5915). They are
 * wrapped in PKCS #8, which adds the algorithm that they do not contain.
 */
public final class PrivateKeys {

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final byte[] VERSION = {2, 1, 0};
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0;
    private static final int OBJECT_IDENTIFIER = 0x06;

    private PrivateKeys() {}

    /**
     * Returns the first key in {@code content}, which was read from {@code file}.
     *
     * @throws ExplainedException if there is none, or it cannot be read with {@code password}; the message shows neither
     */
    public static PrivateKey read(Path file, byte[] content, @Nullable String password) throws ExplainedException {
        for (Pem.Block block : Pem.blocks(content)) {
            if (block.label().endsWith("PRIVATE KEY")) {
                try {
                    return read(file, block, password);
                } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
                    if (e instanceof ExplainedException explained) {
                        throw explained;
                    }
                    // Without the cause, which may quote the key.
                    throw new ExplainedException("the key in " + file + " cannot be read; " + conversion());
                }
            }
        }
        throw new ExplainedException(
                file + " contains no private key in PEM (-----BEGIN PRIVATE KEY-----); " + conversion());
    }

    private static PrivateKey read(Path file, Pem.Block block, @Nullable String password)
            throws GeneralSecurityException, IOException {
        if (block.hasHeaders()) {
            throw new ExplainedException(
                    "the key in " + file + " is encrypted in the old format of OpenSSL; " + conversion());
        }
        byte[] content = block.content();
        return switch (block.label()) {
            case "PRIVATE KEY" -> ofPkcs8(content);
            case "ENCRYPTED PRIVATE KEY" -> ofPkcs8(decrypted(file, content, password));
            case "RSA PRIVATE KEY" -> ofPkcs8(der(SEQUENCE, VERSION, RSA, der(OCTETS, content)));
            case "EC PRIVATE KEY" ->
                ofPkcs8(der(SEQUENCE, VERSION, der(SEQUENCE, EC, curveOf(content)), der(OCTETS, content)));
            default ->
                throw new ExplainedException("the key in " + file + " is a " + block.label() + "; " + conversion());
        };
    }

    private static String conversion() {
        return "convert it with openssl pkcs8 -topk8 -in key.pem -out key8.pem";
    }

    private static PrivateKey ofPkcs8(byte[] content) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(content);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // A key of another algorithm.
            }
        }
        throw new InvalidKeySpecException("no algorithm of " + ALGORITHMS);
    }

    private static byte[] decrypted(Path file, byte[] content, @Nullable String password)
            throws GeneralSecurityException, IOException {
        if (password == null) {
            throw new ExplainedException("the key in " + file + " is encrypted and needs REDIS_TLS_KEY_PASSWORD");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(content);
        // For PKCS #5 version 2, the JDK gives the full name of the algorithm only in the parameters.
        String algorithm =
                info.getAlgName().equals("PBES2") || info.getAlgName().startsWith("1.2.840.113549.1.5.13")
                        ? info.getAlgParameters().toString()
                        : info.getAlgName();
        try {
            Key secret = SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray()));
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new ExplainedException("the key in " + file + " cannot be decrypted with REDIS_TLS_KEY_PASSWORD");
        }
    }

    /** Returns the object identifier of the curve, including its tag, from a key in the format of RFC 5915. */
    private static byte[] curveOf(byte[] key) throws GeneralSecurityException {
        ByteBuffer fields = enter(ByteBuffer.wrap(key), SEQUENCE);
        while (fields.hasRemaining()) {
            int tag = fields.get(fields.position()) & 0xff;
            ByteBuffer field = enter(fields, tag);
            if (tag == PARAMETERS && (field.get(field.position()) & 0xff) == OBJECT_IDENTIFIER) {
                byte[] curve = new byte[field.remaining()];
                field.get(curve);
                return curve;
            }
        }
        throw new InvalidKeySpecException("no named curve");
    }

    /** Returns the content of the next element, and moves past that element. */
    private static ByteBuffer enter(ByteBuffer from, int tag) throws InvalidKeySpecException {
        if (from.remaining() < 2 || (from.get() & 0xff) != tag) {
            throw new InvalidKeySpecException("an unexpected element");
        }
        int length = from.get() & 0xff;
        if (length >= 0x80) {
            byte[] digits = new byte[length & 0x7f];
            if (digits.length > 3 || digits.length > from.remaining()) {
                throw new InvalidKeySpecException("an element that is too long");
            }
            from.get(digits);
            length = new BigInteger(1, digits).intValueExact();
        }
        if (length == 0 || length > from.remaining()) {
            throw new InvalidKeySpecException("an element with a wrong length");
        }
        ByteBuffer content = from.slice(from.position(), length);
        from.position(from.position() + length);
        return content;
    }

    /** Returns an element of DER (X.690). */
    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] digits = length < 0x100 ? new byte[] {(byte) length} : new byte[] {(byte) (length >> 8), (byte) length};
        ByteBuffer element = ByteBuffer.allocate(2 + digits.length + length).put((byte) tag);
        if (length < 0x80) {
            element.put((byte) length);
        } else {
            element.put((byte) (0x80 | digits.length)).put(digits);
        }
        for (byte[] part : parts) {
            element.put(part);
        }
        byte[] bytes = new byte[element.flip().remaining()];
        element.get(bytes);
        return bytes;
    }
}
