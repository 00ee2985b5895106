package dev.forge.redis.spring.session;

import java.time.Duration;
import java.time.Instant;
import org.springframework.session.Session;

/** A session of Forge as Spring Session sees it: opened by its id, or found by its user. */
sealed interface ForgeSession extends Session permits ForgeHttpSession, ListedSession {

    /** Does nothing: Redis records each use with its own clock, and only a request of the session counts as one. */
    @Override
    default void setLastAccessedTime(Instant time) {}

    /** @throws UnsupportedOperationException if it differs from the idle timeout of all sessions */
    @Override
    default void setMaxInactiveInterval(Duration interval) {
        if (!interval.equals(getMaxInactiveInterval())) {
            throw new UnsupportedOperationException("the idle timeout is the same for all sessions ("
                    + getMaxInactiveInterval() + "): set spring.session.timeout or forge.session.idle-timeout");
        }
    }

    /** Returns false: Redis never returns a session that has ended. */
    @Override
    default boolean isExpired() {
        return false;
    }
}
