package dev.forge.redis.spring.session;

import dev.forge.redis.session.Session;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** The attributes that were set and removed since a session was saved. Confined to one thread. */
final class AttributeChanges {

    /** What Spring Session sets in a session that is expelled. Where it has no room, the session is deleted instead. */
    static final String EXPIRED = "org.springframework.session.security.SpringSessionBackedSessionInformation.EXPIRED";

    private final Map<String, String> texts = new HashMap<>();
    private final Set<String> removals = new HashSet<>();

    void set(String name, String text) {
        texts.put(name, text);
        removals.remove(name);
    }

    void remove(String name) {
        texts.remove(name);
        removals.add(name);
    }

    /** Forgets that an attribute was set. */
    void unset(String name) {
        texts.remove(name);
    }

    Session appliedTo(Session session) {
        Session changed = session.without(removals);
        for (Map.Entry<String, String> each : texts.entrySet()) {
            changed = changed.with(each.getKey(), each.getValue());
        }
        return changed;
    }

    /**
     * Writes the changes, if there are any, and forgets them; returns whether they were written.
     *
     * @param put writes what was set and what was removed; returns false if the session has ended
     */
    boolean save(BiPredicate<Map<String, String>, Set<String>> put, Runnable delete) {
        if (texts.isEmpty() && removals.isEmpty()) {
            return false;
        }
        boolean isWritten = false;
        try {
            isWritten = put.test(texts, removals);
        } catch (IllegalArgumentException e) {
            if (!texts.containsKey(EXPIRED)) {
                throw e;
            }
            delete.run();
        }
        texts.clear();
        removals.clear();
        return isWritten;
    }
}
