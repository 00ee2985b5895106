package dev.forge.redis.internal.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256 digests of secrets that must not appear in Redis. Thread-safe. */
public final class Sha256 {

    // Looking up the algorithm, or cloning an object for it, would cost more than running it.
    private static final ThreadLocal<MessageDigest> OF_THIS_THREAD = ThreadLocal.withInitial(Sha256::make);
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private Sha256() {}

    /** Returns the 32 bytes of the digest. */
    public static byte[] of(byte[] secret) {
        MessageDigest digest = OF_THIS_THREAD.get();
        // An earlier use may have ended half way, for lack of memory.
        digest.reset();
        return digest.digest(secret);
    }

    /** Returns {@code bytes} in URL-safe Base64: letters, digits, {@code -} and {@code _}. */
    public static String text(byte[] bytes) {
        return TEXT.encodeToString(bytes);
    }

    private static MessageDigest make() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
