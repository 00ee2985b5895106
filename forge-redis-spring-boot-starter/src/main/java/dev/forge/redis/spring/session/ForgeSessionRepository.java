package dev.forge.redis.spring.session;

import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.session.SessionRepository;

/**
 * Keeps {@code HttpSession} in a {@link SessionStore}.
 *
 * <p>One round trip loads a session, and one saves its changes; without changes, none.
 *
 * <p>There is no search by user, because Redis does not know the session ids that its result must contain. Use
 * {@link SessionStore#sessionsOf} and {@link SessionStore#deleteAllOf} instead.
 *
 * <p>When Redis is unavailable, loading and saving fail with a {@link dev.forge.redis.failure.RedisFailure}.
 * Thread-safe.
 */
final class ForgeSessionRepository implements SessionRepository<ForgeHttpSession> {

    private final SessionStore sessions;
    private final SessionAttributes attributes;

    ForgeSessionRepository(SessionStore sessions, SessionAttributes attributes) {
        this.sessions = sessions;
        this.attributes = attributes;
    }

    /** Creates a session without a user, and writes it at once, because only the store makes ids. */
    @Override
    public ForgeHttpSession createSession() {
        return new ForgeHttpSession(sessions, attributes, sessions.create(Session.ANONYMOUS, Map.of()));
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
