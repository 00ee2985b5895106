package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what happened in a race, because one in which nothing happened proves nothing. */
final class RaceTotals {

    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

    void count(String event) {
        counts.computeIfAbsent(event, none -> new AtomicInteger()).incrementAndGet();
    }

    void assertThatEverythingHappened() {
        assertThat(counts)
                .containsKeys(
                        "merged",
                        "merged nothing",
                        "saved",
                        "stale",
                        "rotated",
                        "rotated nothing",
                        "deleted",
                        "revoked",
                        "survived",
                        "died");
    }
}
