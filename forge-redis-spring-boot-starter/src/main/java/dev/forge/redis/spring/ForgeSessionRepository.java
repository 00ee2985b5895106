package dev.forge.redis.spring;

import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.session.SessionRepository;

/**
 * {@code HttpSession} in a {@link SessionStore}: one round trip to load, one to save what has changed, none if nothing has.
 *
 * <p>There is no search by user, because Redis does not know the ids that its result would have to hold;
 * {@link SessionStore#sessionsOf} and {@link SessionStore#deleteAllOf} serve instead.
 *
 * <p>When Redis is unavailable, loading and saving fail with a {@link dev.forge.redis.failure.RedisFailure}. Thread-safe.
 */
final class ForgeSessionRepository implements SessionRepository<ForgeHttpSession> {

    private final SessionStore sessions;
    private final SessionAttributes attributes;

    ForgeSessionRepository(SessionStore sessions, SessionAttributes attributes) {
        this.sessions = sessions;
        this.attributes = attributes;
    }

    /** Begins a session of nobody. Ids come from the store alone, so it is written at once. */
    @Override
    public ForgeHttpSession createSession() {
        return new ForgeHttpSession(sessions, attributes, sessions.create(Session.NOBODY, Map.of()));
    }

    @Override
    public void save(ForgeHttpSession session) {
        session.save();
    }

    @Override
    public @Nullable ForgeHttpSession findById(String id) {
        return sessions.get(id)
                .map(found -> new ForgeHttpSession(sessions, attributes, found))
                .orElse(null);
    }

    @Override
    public void deleteById(String id) {
        sessions.delete(id);
    }
}
