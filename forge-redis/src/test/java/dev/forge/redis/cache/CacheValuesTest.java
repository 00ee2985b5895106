package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.CodecException;
import dev.forge.redis.codec.JsonCodec;
import dev.forge.redis.codec.TypeRef;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hit always equals the loaded value. */
class CacheValuesTest {

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

    private record User(String name, Object any, OffsetDateTime at) {}

    @Test
    void typesWithParametersAreCached() {
        List<User> users = List.of(new User("Ada", 7L, OffsetDateTime.parse("2026-03-01T10:15:30+02:00")));
        Cache<List<User>> lists =
                Cache.builder(redis, "lists", new TypeRef<List<User>>() {}).build();
        Cache<Map<String, User>> maps = Cache.builder(redis, "maps", new TypeRef<Map<String, User>>() {})
                .build();

        lists.get("1", key -> Optional.of(users));
        maps.put("1", Map.of("a", users.get(0)));

        assertThat(lists.getIfPresent("1")).contains(users);
        assertThat(maps.getIfPresent("1")).contains(Map.of("a", users.get(0)));
    }

    /** Whether such a value is read back equal depends on its content. */
    static final class FinalList {
        private final List<String> items = new ArrayList<>();

        public List<String> getItems() {
            return items;
        }
    }

    @Test
    void aValueThatIsNotReadBackEqualIsNotStoredAndLoggedOnce() {
        Cache<FinalList> lists =
                Cache.builder(redis, "lists-with-getters", FinalList.class).build();
        lists.put("empty", new FinalList());
        FinalList full = new FinalList();
        full.getItems().add("secret");
        AtomicInteger loads = new AtomicInteger();
        Loader<FinalList> loader = key -> {
            loads.incrementAndGet();
            return Optional.of(full);
        };

        String log = logged(() -> {
            assertThat(lists.get("1", loader)).contains(full);
            assertThat(lists.get("1", loader)).contains(full);
            assertThat(lists.getAll(List.of("1", "2"), keys -> Map.of("1", full, "2", full)))
                    .containsValue(full);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> lists.put("1", full));
        });

        assertThat(loads).hasValue(2);
        assertThat(lists.getIfPresent("1")).isEmpty();
        assertThat(lists.getIfPresent("empty")).isPresent();
        assertThat(lists.stats().unstorable()).isEqualTo(5);
        assertThat(log.lines().filter(line -> line.contains("lists-with-getters")))
                .singleElement()
                .asString()
                .contains("WARN", "FinalList", "items")
                .doesNotContain("secret");
        Explanation explanation = lists.explain("1");
        assertThat(explanation.state()).isEqualTo(Explanation.State.NOTHING);
        assertThat(explanation.lastUnstorable()).contains("items: 0 elements instead of 1");
    }

    @Test
    void aValueAboveTheLargestIsCountedAndLoggedOnce() {
        Cache<String> texts =
                Cache.builder(redis, "large", String.class).largestValue(10).build();

        String log = logged(() -> {
            for (String key : List.of("1", "2", "3")) {
                assertThat(texts.get(key, same -> Optional.of("secret".repeat(10))))
                        .isPresent();
            }
        });

        assertThat(texts.stats().unstorable()).isEqualTo(3);
        assertThat(texts.explain("1").lastUnstorable())
                .isEqualTo("the value has 62 bytes, and the largestValue of the cache large is 10");
        assertThat(log.lines().filter(line -> line.contains("large")))
                .singleElement()
                .asString()
                .contains("WARN", "has 62 bytes")
                .doesNotContain("secret");
    }

    /** A projection like those of Spring Data. */
    public interface Projection {
        String getName();
    }

    @Test
    void aTypeThatCannotBeReadIsServedFromItsSource() {
        Cache<Projection> projections =
                Cache.builder(redis, "projections", Projection.class).build();

        String log = logged(() -> assertThat(projections.get("1", key -> Optional.of(() -> "Ada")))
                .isPresent());

        assertThat(log).contains("WARN", "projections", "it is abstract");
        assertThat(projections.getIfPresent("1")).isEmpty();
    }

    /** A class like those of Kotlin and Lombok: the property is named active, and the parameter is not. */
    public static final class Account {
        private final boolean isActive;
        private final String name;

        @JsonCreator
        Account(boolean isActive, String name) {
            this.isActive = isActive;
            this.name = name;
        }

        public boolean isActive() {
            return isActive;
        }

        public String getName() {
            return name;
        }
    }

    @Test
    void aTypeThatWouldBeReadBackDifferentlyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cache.builder(redis, "accounts", Account.class))
                .withMessageContaining("Account")
                .withMessageContaining("isActive");
    }

    private static final class CountingCodec implements Codec<String> {
        private final Codec<String> json = JsonCodec.of(String.class);
        private final AtomicInteger checks = new AtomicInteger();
        private final boolean each;

        CountingCodec(boolean each) {
            this.each = each;
        }

        @Override
        public byte[] encode(String value) {
            return json.encode(value);
        }

        @Override
        public String decode(byte[] bytes) {
            return json.decode(bytes);
        }

        @Override
        public void check(String value, byte[] bytes) {
            if (checks.incrementAndGet() == 1) {
                throw new IllegalStateException("the first value is not read back equal");
            }
        }

        @Override
        public boolean checksEachValue() {
            return each;
        }
    }

    @Test
    void checksATypeOnceAndEachValueWhereNeeded() {
        CountingCodec once = new CountingCodec(false);
        CountingCodec always = new CountingCodec(true);

        for (CountingCodec codec : List.of(once, always)) {
            Cache<String> texts = Cache.builder(redis, "counted", codec).build();
            texts.clear();
            for (int i = 0; i < 5; i++) {
                assertThat(texts.get("" + i, key -> Optional.of("text"))).contains("text");
            }
            assertThat(texts.getIfPresent("0")).isEmpty();
            assertThat(texts.getIfPresent("1")).contains("text");
            assertThat(texts.stats().unstorable()).isEqualTo(1);
        }

        assertThat(once.checks).hasValue(2);
        assertThat(always.checks).hasValue(5);
    }

    private record First(String name) {}

    private record Second(String name, String mail) {}

    @Test
    void valuesOfAnotherReleaseAreMissing() {
        Cache<First> first = Cache.builder(redis, "releases", First.class).build();
        Cache<Second> second = Cache.builder(redis, "releases", Second.class).build();
        first.put("1", new First("Ada"));

        assertThat(second.getIfPresent("1")).isEmpty();
        assertThat(second.get("1", key -> Optional.of(new Second("Ada", "ada@example.org"))))
                .contains(new Second("Ada", "ada@example.org"));
        assertThat(first.getIfPresent("1")).isEmpty();
    }

    /** Returns what {@code run} writes to standard error, where the tests log. */
    private static String logged(Runnable run) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            run.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
