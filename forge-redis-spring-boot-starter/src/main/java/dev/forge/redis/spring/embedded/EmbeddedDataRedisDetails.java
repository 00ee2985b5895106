package dev.forge.redis.spring.embedded;

import dev.forge.redis.test.EmbeddedRedis;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/** Where an embedded server is, for Spring Data Redis. */
final class EmbeddedDataRedisDetails implements DataRedisConnectionDetails {

    private final EmbeddedRedis server;

    EmbeddedDataRedisDetails(EmbeddedRedis server) {
        this.server = server;
    }

    @Override
    public @Nullable String getPassword() {
        return server.password().orElse(null);
    }

    @Override
    public @Nullable SslBundle getSslBundle() {
        return EmbeddedRedisDetails.trusting(server);
    }

    @Override
    public Standalone getStandalone() {
        return Standalone.of("127.0.0.1", server.port());
    }
}
