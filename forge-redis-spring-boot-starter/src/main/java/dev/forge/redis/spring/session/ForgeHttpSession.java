package dev.forge.redis.spring.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.PrincipalNameIndexResolver;

/**
 * A session as one request sees it.
 *
 * <p>{@link #save()} writes only what this request has set or removed, so that concurrent requests that change
 * different attributes do not overwrite each other.
 *
 * <p>After a login in this request, saving first moves the session to that user and to a new id, and then writes the
 * login. An id that an attacker planted therefore never belongs to a logged-in user.
 *
 * <p>Confined to one request.
 */
final class ForgeHttpSession implements ForgeSession {

    static final String SECURITY_CONTEXT = "SPRING_SECURITY_CONTEXT";

    // Spring Security sets these for the next requests, even for clients that are not logged in. It works without those
    // that are too large or of a type of the application.
    private static final Set<String> NOT_ESSENTIAL =
            Set.of("SPRING_SECURITY_LAST_EXCEPTION", "SPRING_SECURITY_SAVED_REQUEST");

    private static final PrincipalNameIndexResolver<org.springframework.session.Session> PRINCIPAL =
            new PrincipalNameIndexResolver<>();

    private final SessionStore sessions;
    private final SessionAttributes attributes;
    private final Map<String, Object> values = new HashMap<>();
    private final AttributeChanges changes = new AttributeChanges();
    private Session stored;
    private boolean principalChanged;

    ForgeHttpSession(SessionStore sessions, SessionAttributes attributes, Session stored) {
        this.sessions = sessions;
        this.attributes = attributes;
        this.stored = stored;
        stored.attributes()
                .forEach((name, text) -> attributes.read(name, text).ifPresent(value -> values.put(name, value)));
    }

    @Override
    public String getId() {
        return stored.id().value();
    }

    /** Moves the session to a new id at once: the old id is invalid when this returns. */
    @Override
    public String changeSessionId() {
        stored = sessions.rotate(getId()).orElseThrow(() -> new IllegalStateException("the session has ended"));
        return getId();
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the contract of Spring Session
    public <T> @Nullable T getAttribute(String name) {
        return (T) values.get(name);
    }

    @Override
    public Set<String> getAttributeNames() {
        return Set.copyOf(values.keySet());
    }

    /**
     * Sets an attribute, or removes it if the value is null.
     *
     * @throws IllegalArgumentException if the session cannot store it
     */
    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            removeAttribute(name);
            return;
        }
        checkLogin(name, value);
        try {
            String text = attributes.write(name, value);
            if (!name.equals(AttributeChanges.EXPIRED)) {
                checkStorable(name, value, text);
            }
            changes.set(name, text);
        } catch (IllegalArgumentException e) {
            if (!NOT_ESSENTIAL.contains(name)) {
                throw e;
            }
            removeAttribute(name);
        }
        values.put(name, value);
        noticePrincipal(name);
    }

    /**
     * Refuses here what the store would refuse when the request ends, where no line of the application is to blame.
     * Attributes that are not essential make room: they then last only for this request.
     */
    private void checkStorable(String name, Object value, String text) {
        Map<String, String> all = new HashMap<>(changes.appliedTo(stored).attributes());
        all.put(name, text);
        try {
            checkStorable(name, value, all);
        } catch (IllegalArgumentException e) {
            if (NOT_ESSENTIAL.contains(name) || !all.keySet().removeAll(NOT_ESSENTIAL)) {
                throw e;
            }
            checkStorable(name, value, all);
            NOT_ESSENTIAL.forEach(changes::remove);
        }
    }

    private void checkStorable(String name, Object value, Map<String, String> all) {
        long bytes = all.entrySet().stream()
                .mapToLong(entry ->
                        entry.getKey().getBytes(UTF_8).length + entry.getValue().getBytes(UTF_8).length)
                .sum();
        int most = sessions.settings().maxBytes();
        if (bytes > most) {
            throw new IllegalArgumentException("the session would have " + bytes + " bytes with its attribute '" + name
                    + "', a " + value.getClass().getName() + ", but may have " + most
                    + ": set forge.session.max-size, or store its id and load it again");
        }
        sessions.settings().checkAttributes(all);
    }

    @Override
    public void removeAttribute(String name) {
        values.remove(name);
        if (stored.attributes().containsKey(name)) {
            changes.remove(name);
        } else {
            changes.unset(name);
        }
        noticePrincipal(name);
    }

    /** Refuses a user whom the store would refuse, before anything is changed: the login must not stay under the old id. */
    private void checkLogin(String name, Object value) {
        if (!isLogin(name)) {
            return;
        }
        Object before = values.put(name, value);
        String user = principal();
        if (before == null) {
            values.remove(name);
        } else {
            values.put(name, before);
        }
        if (user.isBlank() || user.length() > Session.LONGEST_USER) {
            throw new IllegalArgumentException("the name of a user in a session must have from 1 to "
                    + Session.LONGEST_USER + " characters, but has " + user.length());
        }
    }

    private void noticePrincipal(String name) {
        principalChanged |= isLogin(name);
    }

    private static boolean isLogin(String name) {
        return name.equals(SECURITY_CONTEXT) || name.equals(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME);
    }

    /** Writes the changes. If the session has ended meanwhile, it stays ended, and the changes are lost. */
    void save() {
        if (principalChanged) {
            String user = principal();
            if (!user.equals(stored.user())) {
                Optional<Session> moved = sessions.rotate(getId(), user);
                moved.ifPresent(session -> stored = session);
            }
            principalChanged = false;
        }
        Session changed = changes.appliedTo(stored);
        if (changes.save((set, removed) -> sessions.put(getId(), set, removed), () -> sessions.delete(getId()))) {
            stored = changed;
        }
    }

    private String principal() {
        String name = PRINCIPAL.resolveIndexesFor(this).get(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME);
        return name == null ? Session.ANONYMOUS : name;
    }

    @Override
    public Instant getCreationTime() {
        return stored.createdAt();
    }

    @Override
    public Instant getLastAccessedTime() {
        return stored.lastSeenAt();
    }

    @Override
    public Duration getMaxInactiveInterval() {
        return sessions.settings().idleTimeout();
    }
}
