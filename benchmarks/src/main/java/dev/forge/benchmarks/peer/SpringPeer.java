package dev.forge.benchmarks.peer;

import static java.util.Objects.requireNonNull;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Spring Data Redis as Spring Boot sets it up: a template over one shared Lettuce connection. */
final class SpringPeer implements Peer {
    private final LettuceConnectionFactory connections;
    private final StringRedisTemplate template;

    SpringPeer(Target target) {
        connections = new LettuceConnectionFactory("127.0.0.1", target.port());
        connections.afterPropertiesSet();
        connections.start();
        template = new StringRedisTemplate(connections);
    }

    @Override
    public String get(String key) {
        return requireNonNull(template.opsForValue().get(key));
    }

    @Override
    public void set(String key, String value) {
        template.opsForValue().set(key, value);
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
