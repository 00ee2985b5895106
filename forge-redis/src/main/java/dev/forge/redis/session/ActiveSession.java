package dev.forge.redis.session;

import java.time.Instant;

/**
 * One session as its user may see it. It holds no id, so it gives no access to the session.
 *
 * @param device its attribute {@value SessionStore#DEVICE}, or empty if it has none
 * @param createdAt when it was created, by the clock of Redis
 * @param lastSeenAt when it was last read or changed, to the second
 * @param expiresAt when it ends at the latest, however much it is used
 */
public record ActiveSession(String device, Instant createdAt, Instant lastSeenAt, Instant expiresAt) {

    static ActiveSession of(SessionView session) {
        return new ActiveSession(
                session.attributes().getOrDefault(SessionStore.DEVICE, ""),
                session.createdAt(),
                session.lastSeenAt(),
                session.expiresAt());
    }
}
