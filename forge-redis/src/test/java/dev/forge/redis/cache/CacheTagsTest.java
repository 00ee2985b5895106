package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CacheTagsTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;
    private Cache<String> cache;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        cache = Cache.builder(redis, "pages", String.class)
                .options(page -> EntryOptions.NONE.tags(page.split(" ")))
                .build();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void invalidatesAllValuesOfATagAndNoOthers() {
        cache.get("1", key -> Optional.of("red small"));
        cache.put("2", "red large");
        cache.put("3", "blue small");

        cache.invalidateTag("red");

        assertThat(cache.getIfPresent("1")).isEmpty();
        assertThat(cache.getIfPresent("2")).isEmpty();
        assertThat(cache.getIfPresent("3")).contains("blue small");
        assertThat(cache.get("1", key -> Optional.of("red again"))).contains("red again");
        assertThat(cache.getIfPresent("1")).contains("red again");
        assertThat(cache.getAll(List.of("1", "2"), keys -> Map.of("2", "red new")))
                .isEqualTo(Map.of("1", "red again", "2", "red new"));
    }

    @Test
    void storesNoLoadThatBeganBeforeItsTagWasInvalidated() {
        assertThat(cache.get("1", key -> {
                    cache.invalidateTag("red");
                    return Optional.of("red");
                }))
                .contains("red");

        assertThat(cache.getIfPresent("1")).isEmpty();
        assertThat(cache.stats().refusals()).isPositive();
    }

    @Test
    void doesNotRememberATagWhoseMarkerIsLost() {
        cache.put("1", "red");
        cache.invalidateTag("red");
        cache.put("2", "red");
        redis.getSyncClient().del("{pages:.tags}pages::red");

        assertThat(cache.getIfPresent("1")).isEmpty();
        assertThat(cache.getIfPresent("2")).isEmpty();
        cache.put("3", "red");
        assertThat(cache.getIfPresent("1")).isEmpty();
        assertThat(cache.getIfPresent("3")).contains("red");
    }

    @Test
    void keepsCountingUpwardsWhenTheClockIsLost() {
        cache.put("1", "red");
        redis.getSyncClient().del("{pages:.tags}");

        cache.invalidateTag("red");

        assertThat(cache.getIfPresent("1")).isEmpty();
    }

    @Test
    void keepsMarkersAsLongAsValues() {
        cache.put("1", "red");

        assertThat(redis.pttlSync("{pages:.tags}pages::red")).isGreaterThan(redis.pttlSync("pages::1"));
        assertThat(redis.pttlSync("{pages:.tags}")).isPositive();
    }

    @Test
    void refusesTagsThatWouldNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EntryOptions.NONE.tags(""))
                .withMessageContaining("1 to 512 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> cache.invalidateTag("x".repeat(513)));
    }
}
