package dev.forge.redis.internal.deletion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.internal.Connections;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeletionRunTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @Test
    void endsWhateverIsThrown() {
        RedisSettings settings = RedisSettings.of(SERVER.url());
        KeySelection keys = new KeySelection(
                "k*",
                key -> {
                    throw new OutOfMemoryError("not really");
                },
                "id");
        try (RedisManager redis = RedisManager.create(settings)) {
            redis.setSync("key", "value");
            Connections connections = new Connections(settings);
            try {
                CompletableFuture<Long> removed = connections.delete(
                        CoreAccess.coreOf(redis).partsWindow(), keys, DeletionTerms.PLAIN, DeletionReport::removed);

                assertThat(removed)
                        .failsWithin(Promises.PATIENCE)
                        .withThrowableThat()
                        .havingRootCause()
                        .isInstanceOf(OutOfMemoryError.class);
            } finally {
                connections.close();
            }
        }
    }
}
