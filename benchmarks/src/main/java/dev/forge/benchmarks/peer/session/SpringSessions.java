package dev.forge.benchmarks.peer.session;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;

/** Spring Session as its filter uses it, with the default repository, which has no index of users and is faster. */
final class SpringSessions implements SessionPeer {
    private final LettuceConnectionFactory connections;
    private final Requests<?> requests;

    SpringSessions(int port) {
        connections = new LettuceConnectionFactory("127.0.0.1", port);
        connections.afterPropertiesSet();
        connections.start();
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.setConnectionFactory(connections);
        template.afterPropertiesSet();
        requests = new Requests<>(new RedisSessionRepository(template));
    }

    /** Captures the type of the repository's sessions, which is not public. */
    private record Requests<S extends Session>(SessionRepository<S> repository) {

        String create(String user) {
            S session = repository.createSession();
            session.setAttribute("user", user);
            for (int i = 1; i < ATTRIBUTES; i++) {
                session.setAttribute("attribute" + i, "the value of " + user);
            }
            repository.save(session);
            return session.getId();
        }

        void change(String id, String value) {
            S session = load(id);
            session.setAttribute("attribute1", value);
            repository.save(session);
        }

        int read(String id) {
            S session = load(id);
            int attributes = session.getAttributeNames().size();
            repository.save(session);
            return attributes;
        }

        // As the filter does on each request.
        private S load(String id) {
            S session = requireNonNull(repository.findById(id));
            session.setLastAccessedTime(Instant.now());
            return session;
        }
    }

    @Override
    public String create(String user) {
        return requests.create(user);
    }

    @Override
    public void change(String id, String value) {
        requests.change(id, value);
    }

    @Override
    public int read(String id) {
        return requests.read(id);
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
