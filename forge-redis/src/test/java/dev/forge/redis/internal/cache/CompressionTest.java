package dev.forge.redis.internal.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CompressionTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @Test
    void unpacksWhatItPacked() {
        byte[] text = text(100_000);
        byte[] packed = requireNonNull(Compression.pack(text));

        assertThat(packed.length).isLessThan(text.length / 2);
        assertThat(Compression.unpack(packed, 0, text.length)).isEqualTo(text);
    }

    @Test
    void skipsContentThatDoesNotShrinkOrShrinksTooMuch() {
        byte[] noise = new byte[1_000];
        new Random(1).nextBytes(noise);

        assertThat(Compression.pack(noise)).isNull();
        assertThat(Compression.pack(new byte[1_000_000])).isNull();
    }

    @Test
    void refusesContentAboveTheLimit() {
        byte[] packed = requireNonNull(Compression.pack(text(100_000)));

        assertThat(Compression.unpack(packed, 0, 99_999)).isNull();
        // A few bytes that claim a length of two gigabytes.
        assertThat(Compression.unpack(
                        ByteBuffer.allocate(64).putInt(Integer.MAX_VALUE).array(), 0, Integer.MAX_VALUE))
                .isNull();
        assertThat(Compression.unpack(ByteBuffer.allocate(64).putInt(-1).array(), 0, 1_000))
                .isNull();
    }

    @Test
    void refusesDamagedContent() {
        byte[] packed = requireNonNull(Compression.pack(text(1_000)));
        ByteBuffer.wrap(packed).putInt(999);
        assertThat(Compression.unpack(packed, 0, 10_000)).isNull();
        ByteBuffer.wrap(packed).putInt(1_001);
        assertThat(Compression.unpack(packed, 0, 10_000)).isNull();
        ByteBuffer.wrap(packed).putInt(1_000);
        assertThat(Compression.unpack(Arrays.copyOf(packed, packed.length - 3), 0, 10_000))
                .isNull();
        assertThat(Compression.unpack(new byte[3], 0, 10_000)).isNull();
    }

    @Test
    void compressesLargeValuesInRedis() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            Cache<String> cache = Cache.builder(redis, "large", String.class)
                    .compressAbove(1_000)
                    .largestValue(200_000)
                    .build();
            String large = new String(text(100_000), UTF_8);
            cache.put("1", large);

            assertThat(cache.get("1", key -> Optional.of("never loaded"))).contains(large);
            assertThat(cache.explain("1").bytes()).isLessThan(50_000);
            assertThat(cache.get("2", key -> Optional.of(large + large + large)))
                    .isPresent();
            assertThat(cache.getIfPresent("2")).isEmpty();
        }
    }

    private static byte[] text(int length) {
        StringBuilder text = new StringBuilder();
        Random random = new Random(2);
        while (text.length() < length) {
            text.append("{\"id\":").append(random.nextInt()).append(",\"name\":\"Ada\"},");
        }
        return text.substring(0, length).getBytes(UTF_8);
    }
}
