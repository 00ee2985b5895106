package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes one session by {@code merge}, one by {@code put}, and a map: all three must agree. */
class SessionPutTest {

    private static final int CHANGES = 500;
    private static final int[] LENGTHS = {0, 1, 31, 32, 200, 255, 256, 3_000};

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private Map<String, String> expected = new HashMap<>();
    private long version = 1;
    private int refused;

    @Test
    void changesASessionAsMergeDoes() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            SessionStore sessions = SessionStore.create(redis);
            String merged = sessions.create("ada", expected).id().value();
            String put = sessions.create("ada", expected).id().value();
            for (int i = 0; i < CHANGES; i++) {
                Map<String, String> changes = changes();
                List<String> removals = removals(changes);
                boolean fits = expect(changes, removals);
                assertThat(done(() -> sessions.merge(merged, changes, removals).isPresent()))
                        .as("seed %d", seed)
                        .isEqualTo(fits);
                assertThat(done(() -> sessions.put(put, changes, removals)))
                        .as("seed %d", seed)
                        .isEqualTo(fits);
                assertIsExpected(sessions.get(merged).orElseThrow());
                assertIsExpected(sessions.get(put).orElseThrow());
            }
            assertThat(refused).isBetween(CHANGES / 100, CHANGES / 2);
        }
    }

    private Map<String, String> changes() {
        Map<String, String> changes = new HashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            int length = LENGTHS[random.nextInt(LENGTHS.length)];
            String name = name();
            String value = (random.nextBoolean() ? "x" : "y").repeat(length);
            changes.put(name, random.nextInt(4) == 0 ? expected.getOrDefault(name, value) : value);
        }
        return changes;
    }

    /** Some of these attributes are also set, and setting them takes precedence. */
    private List<String> removals(Map<String, String> changes) {
        List<String> removals = new ArrayList<>();
        changes.keySet().stream().filter(name -> random.nextInt(4) == 0).forEach(removals::add);
        for (int i = random.nextInt(5); i > 0; i--) {
            removals.add(name());
        }
        return removals;
    }

    private String name() {
        return "name " + random.nextInt(2 * Attributes.MOST);
    }

    /** Changes the expected attributes if that is allowed; returns whether it is. */
    private boolean expect(Map<String, String> changes, List<String> removals) {
        Map<String, String> next = new HashMap<>(expected);
        Set<String> removed = new HashSet<>(removals);
        removed.removeAll(changes.keySet());
        next.keySet().removeAll(removed);
        next.putAll(changes);
        int size = next.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        if (next.size() > Attributes.MOST || size > SessionSettings.defaults().maxBytes()) {
            refused++;
            return false;
        }
        if (!next.equals(expected)) {
            version++;
        }
        expected = next;
        return true;
    }

    private static boolean done(BooleanSupplier change) {
        try {
            return change.getAsBoolean();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void assertIsExpected(Session session) {
        assertThat(session.attributes()).as("seed %d", seed).isEqualTo(expected);
        assertThat(session.version()).as("seed %d", seed).isEqualTo(version);
    }
}
