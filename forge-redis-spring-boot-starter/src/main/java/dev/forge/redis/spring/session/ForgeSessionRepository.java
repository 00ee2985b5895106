package dev.forge.redis.spring.session;

import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionDirectory;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.session.SessionView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.SessionRepository;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Keeps {@code HttpSession} in a {@link SessionStore}.
 *
 * <p>One round trip loads a session, and one saves its changes; without changes, none.
 *
 * <p>Redis does not know the ids of sessions. So sessions that are found by their user have a handle as their id, which
 * finds, changes and deletes them here, and opens none for a client: requests go through {@link #forRequests()}. Only the
 * session of the current request has its own id, so that Spring Security recognizes it among those of its user.
 *
 * <p>When Redis is unavailable, loading and saving fail with a {@link dev.forge.redis.failure.RedisFailure}.
 * Thread-safe.
 */
final class ForgeSessionRepository implements FindByIndexNameSessionRepository<ForgeSession> {

    private final SessionStore sessions;
    private final SessionDirectory directory;
    private final SessionAttributes attributes;

    ForgeSessionRepository(SessionStore sessions, SessionAttributes attributes) {
        this.sessions = sessions;
        this.directory = sessions.directory();
        this.attributes = attributes;
    }

    /** Creates a session without a user, and writes it at once, because only the store makes ids. */
    @Override
    public ForgeHttpSession createSession() {
        return new ForgeHttpSession(sessions, attributes, sessions.create(Session.ANONYMOUS, Map.of()));
    }

    @Override
    public void save(ForgeSession session) {
        if (session instanceof ForgeHttpSession opened) {
            opened.save();
        } else if (session instanceof ListedSession listed) {
            listed.save(directory);
        }
    }

    /** Returns the session with this id, which counts as a use of it, or with this handle. */
    @Override
    public @Nullable ForgeSession findById(String id) {
        ForgeSession opened = open(id);
        return opened != null
                ? opened
                : directory.find(id).map(view -> listed(id, view)).orElse(null);
    }

    private @Nullable ForgeHttpSession open(String id) {
        return sessions.get(id)
                .map(found -> new ForgeHttpSession(sessions, attributes, found))
                .orElse(null);
    }

    /** Deletes the session with this id or handle. */
    @Override
    public void deleteById(String id) {
        if (!sessions.delete(id)) {
            directory.delete(id);
        }
    }

    /**
     * Returns the sessions of a user, the most recently used first, by their handles.
     *
     * @return nothing for an index other than {@link #PRINCIPAL_NAME_INDEX_NAME}
     */
    @Override
    public Map<String, ForgeSession> findByIndexNameAndIndexValue(String index, String user) {
        Map<String, ForgeSession> found = new LinkedHashMap<>();
        if (!index.equals(PRINCIPAL_NAME_INDEX_NAME) || user.isBlank() || user.length() > Session.LONGEST_USER) {
            return found;
        }
        Optional<String> current = currentId();
        Optional<String> currentHandle = current.flatMap(directory::handleOf);
        for (SessionView view : directory.findAllOf(user)) {
            String id = currentHandle.equals(Optional.of(view.handle())) ? current.get() : view.handle();
            found.put(id, listed(id, view));
        }
        return found;
    }

    private static Optional<String> currentId() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
                ? Optional.ofNullable(request.getRequest().getSession(false)).map(session -> session.getId())
                : Optional.empty();
    }

    private ListedSession listed(String id, SessionView view) {
        return new ListedSession(id, view, sessions.settings().idleTimeout(), attributes);
    }

    /** Returns this repository for requests of clients: ids open sessions, handles do not. */
    SessionRepository<ForgeHttpSession> forRequests() {
        return new SessionRepository<>() {
            @Override
            public ForgeHttpSession createSession() {
                return ForgeSessionRepository.this.createSession();
            }

            @Override
            public void save(ForgeHttpSession session) {
                session.save();
            }

            @Override
            public @Nullable ForgeHttpSession findById(String id) {
                return open(id);
            }

            @Override
            public void deleteById(String id) {
                sessions.delete(id);
            }
        };
    }
}
