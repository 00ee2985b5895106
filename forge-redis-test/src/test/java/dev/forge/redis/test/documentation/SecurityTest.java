package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.tls.TestCertificates;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityTest {
    @TempDir
    Path folder;

    @Test
    void mayReadItsOwnKeysOnly() {
        try (EmbeddedRedis redis =
                EmbeddedRedis.builder().user("ada", "secret", "~app:*", "+get").start()) {
            RedisURI address = RedisURI.builder(RedisURI.create(redis.url()))
                    .withAuthentication("ada", "secret")
                    .build();
            try (RedisClient client = RedisClient.create(address);
                    StatefulRedisConnection<String, String> connection = client.connect()) {
                assertThat(connection.sync().get("app:1")).isNull();
                assertThatThrownBy(() -> connection.sync().get("other"))
                        .isInstanceOf(RedisCommandExecutionException.class)
                        .hasMessageStartingWith("NOPERM");
            }
        }
    }

    @Test
    void refusesAServerForAnotherHost() {
        TestCertificates certificates = TestCertificates.in(folder);
        try (EmbeddedRedis redis =
                        EmbeddedRedis.builder().tls(certificates.wrongHost()).start();
                RedisClient client = RedisClient.create(redis.url())) {
            client.setOptions(ClientOptions.builder()
                    .sslOptions(SslOptions.builder()
                            .trustManager(certificates.authority().toFile())
                            .build())
                    .build());

            assertThatThrownBy(client::connect).isInstanceOf(RedisConnectionException.class);
        }
    }
}
