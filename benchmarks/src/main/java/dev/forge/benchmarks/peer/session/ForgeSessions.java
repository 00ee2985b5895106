package dev.forge.benchmarks.peer.session;

import dev.forge.redis.RedisManager;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Forge: a session store with its defaults. */
final class ForgeSessions implements SessionPeer {
    private final RedisManager redis;
    private final SessionStore sessions;

    ForgeSessions(int port) {
        redis = RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + port));
        sessions = SessionStore.create(redis);
    }

    @Override
    public String create(String user) {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < ATTRIBUTES; i++) {
            attributes.put("attribute" + i, "the value of " + user);
        }
        return sessions.create(user, attributes).id().value();
    }

    @Override
    public void change(String id, String value) {
        read(id);
        if (!sessions.put(id, Map.of("attribute0", value), List.of())) {
            throw new IllegalStateException("The session is gone");
        }
    }

    @Override
    public int read(String id) {
        return sessions.get(id).orElseThrow().attributes().size();
    }

    @Override
    public void close() {
        redis.close();
    }
}
