package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisSentinels;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SentinelFailoverTest {
    @Test
    void aReplicaIsPromotedTwice() {
        try (EmbeddedRedisSentinels sentinels = EmbeddedRedisSentinels.builder()
                .downAfter(Duration.ofMillis(500))
                .start()) {
            EmbeddedRedis first = sentinels.primary();

            first.freeze();
            EmbeddedRedis second = sentinels.awaitPrimaryOtherThan(first, Duration.ofMinutes(1));

            first.thaw();
            sentinels.demote(first);
            sentinels.awaitReady(Duration.ofMinutes(1));
            assertThat(sentinels.failOver()).isSameAs(first).isNotSameAs(second);
        }
    }
}
