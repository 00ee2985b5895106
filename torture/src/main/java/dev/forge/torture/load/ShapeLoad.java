package dev.forge.torture.load;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.forge.redis.cache.Cache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two releases side by side, with different fields of the same type in one cache. Each reads its own values or loads
 * them, and never gets half of the other's.
 */
public final class ShapeLoad implements LoadStream {

    private static final int KEYS = 40;
    private static final int TRIPS = 4;
    private static final Duration TTL = Duration.ofSeconds(20);
    private static final String PROMISE = "each release reads its own values";

    /** The common part of every release; each has another name for the last component. */
    private interface Shape {
        boolean isOf(String key);
    }

    /** The first release. */
    public record First(String key, int number, String title) implements Shape {
        @Override
        public boolean isOf(String other) {
            return other.equals(key) && number > 0 && ("first of " + key).equals(title);
        }
    }

    /** A release that has renamed a component. */
    public record Renamed(String key, int number, String heading) implements Shape {
        @Override
        public boolean isOf(String other) {
            return other.equals(key) && number > 0 && ("renamed of " + key).equals(heading);
        }
    }

    /** A release that has renamed it in the JSON only. */
    public record Annotated(
            String key, int number, @JsonProperty("caption") String title) implements Shape {
        @Override
        public boolean isOf(String other) {
            return other.equals(key) && number > 0 && ("annotated of " + key).equals(title);
        }
    }

    /** A release with one more component. */
    public record Longer(String key, int number, String title, long since) implements Shape {
        @Override
        public boolean isOf(String other) {
            return other.equals(key) && number > 0 && ("longer of " + key).equals(title) && since == number;
        }
    }

    private record Release<V extends Shape>(Cache<V> cache, Source<V> source) {
        Optional<? extends Shape> get(String key, int number) {
            return cache.get(key, name -> Optional.of(source.value(name, number)));
        }

        void put(String key, int number) {
            cache.put(key, source.value(key, number));
        }
    }

    private interface Source<V> {
        V value(String key, int number);
    }

    private final Ground ground;
    private final Calls calls;
    private final List<Release<?>> releases;
    private final AtomicLong steps = new AtomicLong();

    public ShapeLoad(Ground ground) {
        this.ground = ground;
        this.calls = Calls.ofLookups(ground, name());
        this.releases = List.of(
                release(First.class, (key, number) -> new First(key, number, "first of " + key)),
                release(Renamed.class, (key, number) -> new Renamed(key, number, "renamed of " + key)),
                release(Annotated.class, (key, number) -> new Annotated(key, number, "annotated of " + key)),
                release(Longer.class, (key, number) -> new Longer(key, number, "longer of " + key, number)));
    }

    private <V extends Shape> Release<V> release(Class<V> type, Source<V> source) {
        return new Release<>(
                Cache.builder(ground.theirs(), "shapes", type).ttl(TTL).build(), source);
    }

    @Override
    public String name() {
        return "releases";
    }

    @Override
    public double perSecond() {
        return 150;
    }

    @Override
    public void step() {
        int number = (int) (1 + steps.getAndIncrement() % 1_000_000);
        Release<?> release = releases.get(number % releases.size());
        String key = "s" + ThreadLocalRandom.current().nextInt(KEYS);
        if (number % 16 < releases.size()) {
            // The first value of a type is read back before it is stored.
            calls.run(ground.deadline().multipliedBy(2), () -> {
                release.put(key, number);
                return true;
            });
        }
        Optional<? extends Shape> found = calls.run(
                ground.deadline().multipliedBy(TRIPS).plus(Profiles.LOST_LEASE), () -> release.get(key, number));
        if (found != null && !found.map(shape -> shape.isOf(key)).orElse(false)) {
            // The values hold no secret.
            ground.violations().add(PROMISE, key + " was read as " + found);
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }
}
