package dev.forge.redis.session;

import java.time.Instant;

/**
 * What may be shown to a user of one of his or her sessions. It opens nothing: there is no id in it.
 *
 * @param device its attribute {@value SessionStore#DEVICE}, or empty
 * @param createdAt when it began, by the clock of Redis
 * @param lastSeenAt when it was last read or changed, to the second
 * @param expiresAt when it ends at the latest, however much it is used
 */
public record ActiveSession(String device, Instant createdAt, Instant lastSeenAt, Instant expiresAt) {}
