package dev.forge.redis.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Refused;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OutagesTest {

    private final Counters counters = new Counters();
    private final Outages outages = new Outages("pages", counters);

    @Test
    void doesNotCountBackPressureAsAnOutage() {
        LookupResult<String> found = outages.readFailed(new CompletionException(Refused.forWantOfRoom()));

        assertThat(found).isInstanceOf(LookupResult.WithoutRedis.class);
        assertThat(counters.redisFailures.sum()).isZero();
    }

    @Test
    void countsAFailureOfRedis() {
        LookupResult<String> found = outages.readFailed(Refused.forWantOfAConnection());

        assertThat(found).isInstanceOf(LookupResult.WithoutRedis.class);
        assertThat(counters.redisFailures.sum()).isEqualTo(1);
    }
}
