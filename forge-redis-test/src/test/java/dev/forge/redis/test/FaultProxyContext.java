package dev.forge.redis.test;

import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The server of a test class, a {@link FaultProxy} before it for each test, and a connection past the proxy. */
abstract class FaultProxyContext {
    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    FaultProxy proxy;
    RedisConnection direct;

    @BeforeEach
    void startProxy() throws IOException {
        proxy = FaultProxy.to(REDIS.server().port());
        direct = RedisConnection.open(REDIS.server().port(), Duration.ofSeconds(5));
    }

    @AfterEach
    void closeProxy() throws IOException {
        direct.close();
        proxy.close();
    }

    RedisConnection connect() throws IOException {
        return RedisConnection.open(proxy.port(), Duration.ofSeconds(5));
    }
}
