package dev.forge.redis.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secret that a client shows to get its session: 256 random bits, in 43 URL-safe characters.
 *
 * <p>Redis holds only its SHA-256, so nobody who reads Redis, its log or its backups can take a session over.
 * {@link #toString()} is masked; {@link #value()} is for the cookie and nothing else.
 */
public final class SessionId {

    private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String value;

    private SessionId(String value) {
        this.value = value;
    }

    /** Returns a new id that nobody can guess. */
    static SessionId random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new SessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Returns the id that a client sent, or nothing if it cannot be one. */
    static Optional<SessionId> of(String value) {
        return FORMAT.matcher(value).matches() ? Optional.of(new SessionId(value)) : Optional.empty();
    }

    /** Returns all that Redis ever sees of it: its SHA-256. */
    String digest() {
        return digest(value.getBytes(US_ASCII));
    }

    static String digest(byte[] secret) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(secret));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Returns the secret itself. */
    public String value() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionId id && value.equals(id.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "SessionId[***]";
    }
}
