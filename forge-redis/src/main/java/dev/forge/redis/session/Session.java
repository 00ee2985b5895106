package dev.forge.redis.session;

import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;

/**
 * One client's session, as it was when it was read.
 *
 * @param id the secret of the client; shown masked
 * @param user whose session it is; no attribute can change it
 * @param attributes what the application keeps in it
 * @param createdAt when it began, by the clock of Redis
 * @param lastSeenAt when it was last read or changed, to the second
 * @param expiresAt when it ends at the latest, however much it is used
 */
public record Session(
        SessionId id,
        String user,
        Map<String, String> attributes,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt) {

    /** Copies the attributes. */
    public Session {
        attributes = Map.copyOf(attributes);
    }

    /** Shows the names of the attributes and not their values, which may be secret. */
    @Override
    public String toString() {
        return "Session[id=" + id + ", user=" + user + ", attributes=" + new TreeSet<>(attributes.keySet())
                + ", createdAt=" + createdAt + ", lastSeenAt=" + lastSeenAt + ", expiresAt=" + expiresAt + "]";
    }
}
