package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void countsNoValueAsUnreadableBecauseItsTagWasInvalidated() {
        cache.put("1", "red");
        cache.put("2", "red");
        cache.invalidateTag("red");

        assertThat(cache.getIfPresent("1")).isEmpty();
        assertThat(cache.getAll(List.of("1", "2"), keys -> Map.of())).isEmpty();

        assertThat(cache.stats().misses()).isEqualTo(3);
        assertThat(cache.stats().unreadable()).isZero();
    }

    @Test
    void returnsAndDoesNotStoreALoadedValueWithTooManyTags() {
        String tags = IntStream.range(0, 101).mapToObj(String::valueOf).collect(Collectors.joining(" "));

        assertThat(cache.get("1", key -> Optional.of(tags))).contains(tags);
        assertThat(cache.getAll(List.of("2"), keys -> Map.of("2", tags))).containsEntry("2", tags);

        assertThat(cache.getIfPresent("1")).isEmpty();
        assertThat(cache.getIfPresent("2")).isEmpty();
        assertThat(cache.stats().unstorable()).isEqualTo(2);
        assertThat(cache.explain("1").lastUnstorable()).contains("at most 100 tags", "101");
        assertThatIllegalArgumentException().isThrownBy(() -> cache.put("1", tags));
    }

    @Test
    void passesOnWhatTheOptionsFunctionItselfThrows() {
        Cache<String> numbers = Cache.builder(redis, "numbers", String.class)
                .options(value -> EntryOptions.NONE.tags("group " + Integer.parseInt(value)))
                .build();

        assertThatExceptionOfType(NumberFormatException.class)
                .isThrownBy(() -> numbers.get("1", key -> Optional.of("secret")));

        assertThat(numbers.explain("1").lastUnstorable()).isEmpty();
        assertThat(numbers.stats().unstorable()).isZero();
    }

    @Test
    void storesNoLoadThatBeganBeforeItsTagWasInvalidated() {
        assertThat(cache.get("1", key -> {
                    cache.invalidateTag("red");
                    return Optional.of("red");
                }))
                .contains("red");

        assertThat(cache.getIfPresent("1")).isEmpty();
        assertThat(cache.stats().rejectedStores()).isPositive();
    }

    @Test
    void treatsValuesAsInvalidWhenAMarkerIsLost() {
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

    @ParameterizedTest
    @ValueSource(strings = {"{pages:.tags}pages::red", "{pages:.tags}"})
    void storesNoLoadThatBeganBeforeAnInvalidationWhoseMarkerIsLost(String lostAsWell) {
        cache.put("0", "red");

        Optional<String> loaded = cache.get("1", key -> {
            cache.invalidateTag("red");
            redis.getSyncClient().del("{pages:.tags}pages::red", lostAsWell);
            return Optional.of("red old");
        });

        assertThat(loaded).contains("red old");
        assertThat(cache.get("1", key -> Optional.of("red new"))).contains("red new");
        assertThat(cache.getIfPresent("0")).isEmpty();
        assertThat(cache.getIfPresent("1")).contains("red new");
    }

    @Test
    void restoresNoInvalidValueWhenAnOlderLoadEnds() {
        redis.getSyncClient().del("{pages:.tags}pages::red", "{pages:.tags}pages::blue");
        cache.get("1", first -> {
            cache.put("2", "blue");
            cache.invalidateTag("red");
            cache.put("3", "red");
            cache.invalidateTag("red");
            redis.getSyncClient().del("{pages:.tags}pages::red");
            return Optional.of("red");
        });

        assertThat(cache.getIfPresent("3")).isEmpty();
        assertThat(cache.getIfPresent("2")).contains("blue");
    }

    @Test
    void storesANewTagWhileOtherTagsAreInvalidated() {
        cache.get("1", key -> {
            cache.invalidateTag("blue");
            return Optional.of("green");
        });

        cache.get("1", key -> {
            cache.invalidateTag("blue");
            return Optional.of("green");
        });

        assertThat(cache.getIfPresent("1")).contains("green");
    }

    @Test
    void readsItsOwnPutsWhileOtherTagsAreInvalidated() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread invalidating = new Thread(() -> {
            while (!over.get()) {
                cache.invalidateTag("blue");
            }
        });
        invalidating.start();

        try {
            for (int i = 0; i < 200; i++) {
                cache.put("new", "tag" + i);
                assertThat(cache.getIfPresent("new")).contains("tag" + i);
            }
        } finally {
            over.set(true);
            invalidating.join();
        }
    }

    @Test
    void keepsCountingUpwardsWhenTheClockIsLost() {
        cache.put("1", "red");
        redis.getSyncClient().del("{pages:.tags}");

        cache.invalidateTag("red");

        assertThat(cache.getIfPresent("1")).isEmpty();
    }

    @Test
    void invalidatesOlderValuesAfterTheServerClockWasSetBackAndTheTagClockLost() {
        String ahead = String.valueOf((System.currentTimeMillis() + 600_000) * 1_000);
        redis.setSync("{pages:.tags}", ahead);
        cache.get("1", key -> Optional.of("red"));
        redis.deleteSync("{pages:.tags}");

        cache.invalidateTag("red");

        assertThat(cache.getIfPresent("1")).isEmpty();
        assertThat(cache.get("1", key -> Optional.of("red again"))).contains("red again");
    }

    @Test
    void keepsMarkersAsLongAsValues() {
        cache.put("1", "red");

        assertThat(SyncCore.of(redis).pttl("{pages:.tags}pages::red"))
                .isGreaterThan(SyncCore.of(redis).pttl("pages::1"));
        assertThat(SyncCore.of(redis).pttl("{pages:.tags}")).isPositive();
    }

    @Test
    void refusesTagsThatCannotBeKeys() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EntryOptions.NONE.tags(""))
                .withMessageContaining("1 to 512 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> cache.invalidateTag("x".repeat(513)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EntryOptions.NONE.tags("a\uD800"))
                .withMessage("a tag must be valid Unicode, but holds half of a surrogate pair");
    }
}
