package dev.forge.redis.session;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * One client's session, as it was when it was read.
 *
 * <p>Immutable: {@link #with}, {@link #without} and {@link SessionStore#save} change what is in Redis.
 *
 * @param id the secret of the client; shown masked
 * @param user whose session it is, or {@link #NOBODY}; no attribute can change it, only {@link SessionStore#rotate}
 * @param attributes what the application keeps in it
 * @param createdAt when it began, by the clock of Redis
 * @param lastSeenAt when it was last read or changed, to the second
 * @param expiresAt when it ends at the latest, however much it is used
 * @param version grows with each change of the attributes
 */
public record Session(
        SessionId id,
        String user,
        Map<String, String> attributes,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt,
        long version) {

    /** The user of a session before anybody has logged in. */
    public static final String NOBODY = "";

    /** Copies the attributes. */
    public Session {
        attributes = Map.copyOf(attributes);
    }

    /** Returns whether nobody has logged in. */
    public boolean isNobodys() {
        return user.equals(NOBODY);
    }

    /** Returns this session with the attribute {@code name}, to be saved. */
    public Session with(String name, String value) {
        Map<String, String> changed = new HashMap<>(attributes);
        changed.put(name, value);
        return with(changed);
    }

    /** Returns this session without the attributes {@code names}, to be saved. */
    public Session without(Collection<String> names) {
        Map<String, String> changed = new HashMap<>(attributes);
        names.forEach(changed::remove);
        return with(changed);
    }

    private Session with(Map<String, String> changed) {
        return new Session(id, user, changed, createdAt, lastSeenAt, expiresAt, version);
    }

    /** Shows the names of the attributes and not their values, which may be secret. */
    @Override
    public String toString() {
        return "Session[id=" + id + ", user=" + user + ", attributes=" + new TreeSet<>(attributes.keySet())
                + ", createdAt=" + createdAt + ", lastSeenAt=" + lastSeenAt + ", expiresAt=" + expiresAt + ", version="
                + version + "]";
    }
}
