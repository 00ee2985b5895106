package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Any bytes come back unchanged, and null, an empty value and a missing value are distinguished. */
@Timeout(120)
class ValuesSurviveTest {

    private static final int LARGEST = 1024 * 1024;
    private static final LuaScript READ = LuaScript.of("read", "return redis.call('GET', KEYS[1])");

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
    void returnsAnyBytesUnchanged() {
        long seed = Long.getLong("forge.promises.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < Promises.count(200, 20_000); i++) {
            byte[] value = value(random);
            SyncCore.of(redis).setBytes("key", value, RedisManager.NO_EXPIRY);

            assertThat(SyncCore.of(redis).getBytes("key").orElseThrow())
                    .as("seed %d", seed)
                    .isEqualTo(value);
            assertThat(redis.evalSync(READ, List.of("key"), List.of()).asBytes().orElseThrow())
                    .as("seed %d", seed)
                    .isEqualTo(value);
        }
    }

    @Test
    void returnsManyValuesEachInItsPlace() {
        Random random = new Random(1);
        List<String> keys = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            keys.add("key" + i);
            values.add(new byte[random.nextInt(200)]);
            random.nextBytes(values.get(i));
            if (i % 3 != 0) {
                CoreAccess.coreOf(redis).setBytes(keys.get(i), values.get(i), RedisManager.NO_EXPIRY);
            }
        }

        List<Optional<byte[]>> found = SyncCore.of(redis).getAllBytes(keys);

        for (int i = 0; i < keys.size(); i++) {
            assertThat(found.get(i).isPresent()).as(keys.get(i)).isEqualTo(i % 3 != 0);
            if (found.get(i).isPresent()) {
                assertThat(found.get(i).get()).as(keys.get(i)).isEqualTo(values.get(i));
            }
        }
    }

    @Test
    void distinguishesAnEmptyValueFromNone() {
        redis.setSync("empty", "");

        assertThat(redis.getSync("empty")).contains("");
        assertThat(SyncCore.of(redis).getBytes("empty").orElseThrow()).isEmpty();
        assertThat(SyncCore.of(redis).getAllBytes(List.of("empty", "missing")).get(0))
                .isPresent();
        assertThat(redis.getSync("missing")).isEmpty();
        assertThat(SyncCore.of(redis).getAllBytes(List.of("empty", "missing")).get(1))
                .isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // that is what is tested
    void refusesNullAsAValue() {
        List<byte[]> nothing = new ArrayList<>();
        nothing.add(null);

        assertThatNullPointerException().isThrownBy(() -> redis.setSync("key", null));
        assertThatNullPointerException()
                .isThrownBy(() -> CoreAccess.coreOf(redis).setBytes("key", null, RedisManager.NO_EXPIRY));
        assertThatNullPointerException().isThrownBy(() -> redis.evalAsync(READ, List.of("key"), nothing));
    }

    /** Returns random bytes: often few, sometimes many, including those with a meaning in the protocol. */
    private static byte[] value(Random random) {
        byte[] value = new byte[random.nextInt(20) == 0 ? random.nextInt(LARGEST) : random.nextInt(64)];
        random.nextBytes(value);
        for (int i = 0; i < value.length && random.nextBoolean(); i++) {
            value[i] = (byte) "\r\n$*-+:\0".charAt(random.nextInt(8));
        }
        return value;
    }
}
