package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedisCluster;
import dev.forge.redis.test.RedisExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class LimiterExactnessTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @TempDir
    Path folder;

    @Test
    void allowsExactlyTheLimitToTheThreadsOfOneProcess() throws Exception {
        assertThat(LimiterProcess.ask(SERVER.url(), 1))
                .hasSize(30)
                .allSatisfy((run, allowed) -> assertThat(allowed).as(run).isEqualTo(LimiterProcess.LIMIT));
    }

    @Test
    void allowsExactlyTheLimitToTheThreadsOfTwoProcesses() throws Exception {
        CompletableFuture<String> other = CompletableFuture.supplyAsync(
                () -> TestJvm.run(LimiterProcess.class, folder, 60, List.of("-Xmx128m"), SERVER.url(), "2"));
        Map<String, Integer> allowed = new TreeMap<>(LimiterProcess.ask(SERVER.url(), 2));
        LimiterProcess.read(other.get()).forEach((run, theirs) -> allowed.merge(run, theirs, Integer::sum));

        assertThat(allowed)
                .hasSize(30)
                .allSatisfy((run, both) -> assertThat(both).as(run).isEqualTo(LimiterProcess.LIMIT));
    }

    @Test
    void decidesSeveralLimitsAsOneOnACluster() {
        try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(cluster.url()))) {
            for (Algorithm algorithm : Algorithm.values()) {
                RateLimiter limiter = RateLimiter.of(
                                redis,
                                "test",
                                algorithm,
                                List.of(Limit.of(5, Duration.ofHours(1)), Limit.of(3, Duration.ofMinutes(10))))
                        .withTimeout(Duration.ofSeconds(10));
                for (int subject = 0; subject < 20; subject++) {
                    String name = "subject " + subject;
                    assertThat(List.of(
                                    limiter.tryAcquire(name, 2), limiter.tryAcquire(name, 2), limiter.tryAcquire(name)))
                            .as("%s of %s", algorithm, name)
                            .noneMatch(decision -> decision.basis() == Decision.Basis.OUTAGE)
                            .extracting(Decision::isAllowed)
                            .containsExactly(true, false, true);
                }
            }
        }
    }
}
