package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionOutageTest {

    private final ConnectionOutage outage = new ConnectionOutage("redis:6379");

    @Test
    void isLoggedOnceForEachReason() {
        outage.lost(Unconnected.named("redis:6379"));

        assertThat(outage.failed(failure("connection refused"))).isTrue();
        assertThat(outage.failed(failure("connection refused"))).isFalse();
        assertThat(outage.failed(failure("WRONGPASS"))).isTrue();
        assertThat(outage.failed(failure("connection refused"))).isFalse();
    }

    @Test
    void isLoggedAgainInTheNextOutage() {
        outage.failed(failure("connection refused"));
        outage.end();
        outage.lost(Unconnected.named("redis:6379"));

        assertThat(outage.failed(failure("connection refused"))).isTrue();
    }

    @Test
    void logsFewReasonsHoweverManyThereAre() {
        long logged = IntStream.range(0, 1_000)
                .filter(number -> outage.failed(failure("reason " + number)))
                .count();

        assertThat(logged).isEqualTo(5);
    }

    private static RedisFailure failure(String text) {
        return new RedisUnavailableException(text, null);
    }
}
