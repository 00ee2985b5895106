package dev.forge.redis.session;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One session as an administrator sees it. It holds no id, so it gives no access to the session.
 *
 * @param handle names the session in a {@link SessionDirectory}; not a secret
 * @param user whose session it is, or {@link Session#ANONYMOUS}
 * @param attributes the data of the application, which may be secret
 * @param createdAt when it was created, by the clock of Redis
 * @param lastSeenAt when it was last read or changed, to the second
 * @param expiresAt when it ends at the latest, however much it is used
 */
public record SessionView(
        String handle,
        String user,
        Map<String, String> attributes,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt) {

    // Makes a handle longer than an id, so that none is ever taken for the other.
    private static final String PREFIX = "handle.";
    private static final int LENGTH = PREFIX.length() + 43;

    /** Copies the attributes. */
    public SessionView {
        attributes = Map.copyOf(attributes);
    }

    static String handle(String digest) {
        return PREFIX + digest;
    }

    /** Returns the digest in {@code handle}, or nothing if it is not one. */
    static Optional<String> digest(String handle) {
        return handle.length() == LENGTH && handle.startsWith(PREFIX)
                ? Optional.of(handle.substring(PREFIX.length()))
                : Optional.empty();
    }

    /** Shows the names of the attributes, but not their values, which may be secret. */
    @Override
    public String toString() {
        return "SessionView[handle=" + handle + ", user=" + user + ", attributes=" + new TreeSet<>(attributes.keySet())
                + ", createdAt=" + createdAt + ", lastSeenAt=" + lastSeenAt + ", expiresAt=" + expiresAt + "]";
    }
}
