package dev.forge.redis.session;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * A snapshot of one client's session.
 *
 * <p>Immutable: to change what is in Redis, use {@link #with} or {@link #without}, and then {@link SessionStore#save}.
 *
 * @param id the secret that gives access to it; masked when shown
 * @param user whose session it is, or {@link #ANONYMOUS}; only {@link SessionStore#rotate} can change it, never an
 *     attribute
 * @param attributes the data of the application
 * @param createdAt when it was created, by the clock of Redis
 * @param lastSeenAt when it was last read or changed, to the second
 * @param expiresAt when it ends at the latest, however much it is used
 * @param version increases with each change of the attributes
 */
public record Session(
        SessionId id,
        String user,
        Map<String, String> attributes,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt,
        long version) {

    /** The user of an anonymous session, before a login. */
    public static final String ANONYMOUS = "";

    /** The most characters of {@link #user}. */
    public static final int LONGEST_USER = 256;

    /** Copies the attributes. */
    public Session {
        attributes = Map.copyOf(attributes);
    }

    /** Returns whether the session is anonymous: no user has logged in. */
    public boolean isAnonymous() {
        return user.equals(ANONYMOUS);
    }

    /** Returns this session with the attribute {@code name}, for {@link SessionStore#save}. */
    public Session with(String name, String value) {
        Map<String, String> changed = new HashMap<>(attributes);
        changed.put(name, value);
        return with(changed);
    }

    /** Returns this session without the attributes {@code names}, for {@link SessionStore#save}. */
    public Session without(Collection<String> names) {
        Map<String, String> changed = new HashMap<>(attributes);
        names.forEach(changed::remove);
        return with(changed);
    }

    private Session with(Map<String, String> changed) {
        return new Session(id, user, changed, createdAt, lastSeenAt, expiresAt, version);
    }

    /** Shows the names of the attributes, but not their values, which may be secret. */
    @Override
    public String toString() {
        return "Session[id=" + id + ", user=" + user + ", attributes=" + new TreeSet<>(attributes.keySet())
                + ", createdAt=" + createdAt + ", lastSeenAt=" + lastSeenAt + ", expiresAt=" + expiresAt + ", version="
                + version + "]";
    }
}
