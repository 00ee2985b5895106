package dev.forge.redis.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.digest.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The secret that gives a client access to its session: 256 random bits, in 43 URL-safe characters.
 *
 * <p>Redis holds only its SHA-256, so reading Redis, its log or its backups does not help to take over a session.
 * {@link #toString()} is masked; {@link #value()} is for the cookie and nothing else.
 */
public final class SessionId {

    private static final int LENGTH = 43;
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String value;

    private SessionId(String value) {
        this.value = value;
    }

    /** Returns a new id, which cannot be guessed. */
    static SessionId random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new SessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Returns the id that a client sent, or nothing if it is not well-formed. */
    static Optional<SessionId> of(String value) {
        return isWellFormed(requireNonNull(value, "id")) ? Optional.of(new SessionId(value)) : Optional.empty();
    }

    private static boolean isWellFormed(String value) {
        if (value.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = value.charAt(i);
            boolean known =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!known) {
                return false;
            }
        }
        return true;
    }

    /** Returns the SHA-256 of the id, which is all that Redis ever sees of it. */
    String digest() {
        return digest(value.getBytes(US_ASCII));
    }

    static String digest(byte[] secret) {
        return Sha256.text(Sha256.of(secret));
    }

    /** Returns the handle of the session, by which {@link SessionDirectory} knows it, and which does not open it. */
    public String handle() {
        return SessionView.handle(digest());
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
