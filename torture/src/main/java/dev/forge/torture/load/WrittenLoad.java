package dev.forge.torture.load;

import dev.forge.redis.cache.Cache;
import dev.forge.torture.check.FreshnessCheck;
import dev.forge.torture.check.Outcome;
import dev.forge.torture.fault.Loss;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Values that one process writes, and both keep in memory. The writer never sees a value that it has replaced, however
 * its write ended; the other process not for longer than the bound.
 */
public final class WrittenLoad implements LoadStream {

    private static final int KEYS = 60;
    private static final int READS = 6;
    private static final int TRIPS = 4;
    private static final int READS_AFTER_A_FAILURE = 200;
    private static final Duration TTL = Duration.ofSeconds(20);

    private final Ground ground;
    private final Calls calls;
    private final Cache<String> mine;
    private final Cache<String> theirs;
    private final long staleness;

    /** The versions that the writer may see, however its writes have ended. */
    private final FreshnessCheck own;

    /** The versions that the other process may see. */
    private final FreshnessCheck others;

    private final AtomicReferenceArray<Place> places;
    private final AtomicLong generations = new AtomicLong();

    /** A key. If one of its writes may still arrive, it is only read for some time, and then given up. */
    private static final class Place {
        private final String key;
        private int readsLeft = Integer.MAX_VALUE;

        Place(String key) {
            this.key = key;
        }
    }

    public WrittenLoad(Ground ground) {
        this.ground = ground;
        this.calls = Calls.ofLookups(ground, name());
        this.mine = Cache.builder(ground.mine(), "written", String.class)
                .ttl(TTL)
                .nearCache(KEYS)
                .build();
        this.theirs = Cache.builder(ground.theirs(), "written", String.class)
                .ttl(TTL)
                .nearCache(KEYS)
                .build();
        this.staleness = ground.theirs().settings().nearMaxStaleness().toNanos();
        this.own = new FreshnessCheck(ground.violations(), KEYS);
        this.others = new FreshnessCheck(ground.violations(), KEYS);
        this.places = new AtomicReferenceArray<>(
                IntStream.range(0, KEYS).mapToObj(this::place).toArray(Place[]::new));
    }

    @Override
    public String name() {
        return "near, written";
    }

    @Override
    public double perSecond() {
        return 60;
    }

    @Override
    public void step() {
        int index = ThreadLocalRandom.current().nextInt(KEYS);
        Place place = places.get(index);
        if (place.readsLeft <= 0) {
            place = place(index);
            places.set(index, place);
        }
        if (place.readsLeft == Integer.MAX_VALUE) {
            write(index, place);
        }
        for (int i = 0; i < READS; i++) {
            read(i % 2 == 0, index, place);
        }
    }

    @Override
    public void lost(Loss loss) {
        if (loss == Loss.GOES_BACK) {
            own.forgotten();
            others.forgotten();
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        Map<String, Long> counts = new TreeMap<>(calls.counts());
        counts.put("from memory", mine.stats().nearHits() + theirs.stats().nearHits());
        return counts;
    }

    private void write(int index, Place place) {
        int back = ground.epochs().back();
        long version = own.change(index);
        others.change(index);
        String value = value(place.key, version);
        calls.run(
                ground.deadline(),
                () -> {
                    mine.put(place.key, value);
                    return true;
                },
                outcome -> {
                    long now = System.nanoTime();
                    if (ground.epochs().isForward(back)) {
                        own.invalidated(index, version, now);
                    }
                    if (outcome == Outcome.OK && ground.epochs().isForward(back)) {
                        others.invalidated(index, version, now);
                    } else {
                        place.readsLeft = READS_AFTER_A_FAILURE;
                    }
                });
    }

    private void read(boolean byWriter, int index, Place place) {
        int back = ground.epochs().back();
        FreshnessCheck check = byWriter ? own : others;
        long oldest = check.oldest(index, System.nanoTime(), byWriter ? 0 : staleness);
        place.readsLeft -= place.readsLeft == Integer.MAX_VALUE ? 0 : 1;
        Optional<String> value = calls.run(
                ground.deadline().multipliedBy(TRIPS).plus(Profiles.LOST_LEASE),
                () -> (byWriter ? mine : theirs).get(place.key, key -> Optional.of(value(key, own.source(index)))));
        if (value == null || value.isEmpty()) {
            return;
        }
        String[] parts = value.get().split("=", 3);
        if (!parts[0].equals(place.key)) {
            ground.violations().add("the right reply to the right caller", "a reader of memory got another's value");
        } else if (ground.epochs().isForward(back)) {
            check.read(byWriter ? "the writer" : "the other process", index, Long.parseLong(parts[1]), oldest);
        }
    }

    private Place place(int index) {
        return new Place(index + "/" + generations.getAndIncrement());
    }

    private String value(String key, long version) {
        return key + "=" + version + "=" + ground.filling();
    }
}
