package dev.forge.redis.internal.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The SHA-256 of what must not be seen in Redis. Thread-safe. */
public final class Sha256 {

    private static final MessageDigest EMPTY = empty();

    private Sha256() {}

    /** Returns the 32 bytes. */
    public static byte[] of(byte[] secret) {
        try {
            // A copy of one that is empty: to look for the algorithm each time would cost more than to run it.
            return ((MessageDigest) EMPTY.clone()).digest(secret);
        } catch (CloneNotSupportedException e) {
            return empty().digest(secret);
        }
    }

    /** Returns {@code bytes} as letters, digits, {@code -} and {@code _}. */
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
