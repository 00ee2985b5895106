package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cache with the name of a session store would log out all users when it is cleared. */
class FeatureNamesTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void clearingACacheRemovesNoSession() {
        SessionStore sessions = SessionStore.create(redis);
        String id = sessions.create("ada", Map.of()).id().value();

        Throwable refused = catchThrowable(
                () -> Cache.builder(redis, "session", String.class).build().clear());

        assertThat(sessions.get(id)).isPresent();
        assertThat(refused)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name must not be that of a session store of the same manager, but was session");
    }

    @Test
    void clearingACacheForgetsNoLimit() {
        RateLimiter logins = RateLimiter.fixedWindow(redis, "logins", Limit.of(1, Duration.ofHours(1)))
                .withTimeout(Promises.PATIENCE)
                .withDenialCache(false);
        logins.tryAcquire("ada");

        Throwable refused = catchThrowable(() ->
                Cache.builder(redis, "ratelimit:logins", String.class).build().clear());

        assertThat(logins.tryAcquire("ada")).isInstanceOf(Decision.Denied.class);
        assertThat(refused)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name must not begin with ratelimit:, as the keys of limits do, but was ratelimit:logins");
    }

    @Test
    void refusesASessionStoreWithTheNameOfACache() {
        Cache.builder(redis, "session", String.class).build();
        Cache.builder(redis, "session", String.class).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionStore.create(redis))
                .withMessageContaining("that of a cache");
    }
}
