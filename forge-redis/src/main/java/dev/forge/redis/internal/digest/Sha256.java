package dev.forge.redis.internal.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256 digests of secrets that must not appear in Redis. Thread-safe. */
public final class Sha256 {

    private static final MessageDigest EMPTY = empty();

    private Sha256() {}

    /** Returns the 32 bytes of the digest. */
    public static byte[] of(byte[] secret) {
        try {
            // Clones an empty digest, because looking up the algorithm each time would cost more than running it.
            return ((MessageDigest) EMPTY.clone()).digest(secret);
        } catch (CloneNotSupportedException e) {
            return empty().digest(secret);
        }
    }

    /** Returns {@code bytes} in URL-safe Base64: letters, digits, {@code -} and {@code _}. */
    public static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static MessageDigest empty() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
