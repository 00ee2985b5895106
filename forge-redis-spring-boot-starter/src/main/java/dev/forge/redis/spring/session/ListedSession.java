package dev.forge.redis.spring.session;

import dev.forge.redis.session.SessionDirectory;
import dev.forge.redis.session.SessionView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;

/**
 * A session that was found by its user or by its handle, and not opened by its id.
 *
 * <p>Reading it is not a use of it. Attributes may be set, except those that log a user in. Confined to one thread.
 */
final class ListedSession implements ForgeSession {

    private static final Set<String> LOGINS =
            Set.of(ForgeHttpSession.SECURITY_CONTEXT, FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME);

    private final String id;
    private final SessionView view;
    private final Duration idleTimeout;
    private final SessionAttributes attributes;
    private final Map<String, Object> values = new HashMap<>();
    private final AttributeChanges changes = new AttributeChanges();

    /** Attributes that were found and have been removed since, even after the removal is saved. */
    private final Set<String> gone = new HashSet<>();

    /**
     * Makes a session from what was found.
     *
     * @param id the id that Spring Session shows: the handle, or for the session of the current request its own
     */
    ListedSession(String id, SessionView view, Duration idleTimeout, SessionAttributes attributes) {
        this.id = id;
        this.view = view;
        this.idleTimeout = idleTimeout;
        this.attributes = attributes;
    }

    @Override
    public String getId() {
        return id;
    }

    /** @throws UnsupportedOperationException always: only a holder of the id can change it */
    @Override
    public String changeSessionId() {
        throw new UnsupportedOperationException("only a request of the session can move it to a new id");
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the contract of Spring Session
    public <T> @Nullable T getAttribute(String name) {
        return (T) value(name);
    }

    // Reads what is asked for: of the sessions of a user, Spring Security wants to know one attribute of each.
    private @Nullable Object value(String name) {
        Object known = values.get(name);
        String text = view.attributes().get(name);
        if (known != null || text == null || gone.contains(name)) {
            return known;
        }
        Object read = attributes.read(name, text).orElse(null);
        if (read != null) {
            values.put(name, read);
        }
        return read;
    }

    @Override
    public Set<String> getAttributeNames() {
        return Stream.concat(view.attributes().keySet().stream(), List.copyOf(values.keySet()).stream())
                .filter(name -> value(name) != null)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Sets an attribute, or removes it if the value is null.
     *
     * @throws IllegalArgumentException if values of this type cannot be stored
     * @throws UnsupportedOperationException if the attribute logs a user in
     */
    @Override
    public void setAttribute(String name, @Nullable Object value) {
        checkNoLogin(name);
        if (value == null) {
            removeAttribute(name);
            return;
        }
        changes.set(name, attributes.write(name, value));
        values.put(name, value);
    }

    @Override
    public void removeAttribute(String name) {
        checkNoLogin(name);
        values.remove(name);
        changes.remove(name);
        gone.add(name);
    }

    private static void checkNoLogin(String name) {
        if (LOGINS.contains(name)) {
            throw new UnsupportedOperationException("only a request of the session can change its login: " + name);
        }
    }

    /** Writes the changes, which is not a use of the session. If it has ended meanwhile, it stays ended. */
    void save(SessionDirectory directory) {
        String handle = view.handle();
        changes.save((set, removed) -> directory.put(handle, set, removed), () -> directory.delete(handle));
    }

    @Override
    public Instant getCreationTime() {
        return view.createdAt();
    }

    @Override
    public Instant getLastAccessedTime() {
        return view.lastSeenAt();
    }

    @Override
    public Duration getMaxInactiveInterval() {
        return idleTimeout;
    }
}
