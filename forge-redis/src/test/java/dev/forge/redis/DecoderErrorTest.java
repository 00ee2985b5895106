package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A codec of the application may fail in any way: that concerns only the caller who asked for the value. */
class DecoderErrorTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final Keyspace THINGS = new Keyspace("things");

    @Test
    void concernsItsCallerOnly() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            redis.setSync(THINGS.key("a"), "1");

            for (Throwable failure :
                    List.of(new StackOverflowError(), new IllegalStateException(), new IOException("sneaky"))) {
                CompletableFuture<?> decoded = CoreAccess.coreOf(redis)
                        .readAll(THINGS, List.of("a"), throwing(failure), "unread", unread -> {});
                CompletableFuture<?> other = redis.setAsync("other", "1");

                assertThat(decoded)
                        .failsWithin(Promises.PATIENCE)
                        .withThrowableThat()
                        .havingCause()
                        .isSameAs(failure);
                assertThat(other).succeedsWithin(Promises.PATIENCE);
            }
            assertThat(redis.connectionStats().reconnects()).isZero();
        }
    }

    private static Function<ByteBuffer, String> throwing(Throwable failure) {
        return bytes -> DecoderErrorTest.<String, RuntimeException>sneaky(failure);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as other languages throw what is checked in Java
    private static <T, E extends Throwable> T sneaky(Throwable failure) throws E {
        throw (E) failure;
    }
}
