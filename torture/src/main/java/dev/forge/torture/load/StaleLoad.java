package dev.forge.torture.load;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheBuilder;
import dev.forge.torture.check.FreshnessCheck;
import dev.forge.torture.check.Outcome;
import dev.forge.torture.check.StaleCheck;
import dev.forge.torture.fault.Loss;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Values that are served stale and refreshed early, while their source is slow, or fails one second in three. */
public final class StaleLoad implements LoadStream {

    private static final int KEYS = 40;
    private static final int INVALIDATED_IN_HUNDRED = 2;
    private static final int TRIPS = 4;
    private static final Duration TTL = Duration.ofMillis(400);
    private static final Duration STALE = Duration.ofSeconds(4);
    private static final Duration MARGIN = Duration.ofSeconds(1);
    private static final long LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The failure of the source. */
    private static final class SourceDown extends RuntimeException {
        private static final long serialVersionUID = 1;

        SourceDown() {
            super("the source is down");
        }
    }

    private final Ground ground;
    private final Calls calls;
    private final AtomicInteger jumps = new AtomicInteger();
    private volatile List<Cache<String>> caches;
    private final FreshnessCheck fresh;
    private final List<StaleCheck> stale;
    private final LongAdder felt = new LongAdder();

    public StaleLoad(Ground ground) {
        this.ground = ground;
        this.calls = Calls.ofLookups(ground, name());
        this.caches = caches();
        this.fresh = new FreshnessCheck(ground.violations(), KEYS);
        this.stale = IntStream.range(0, KEYS)
                .mapToObj(key -> new StaleCheck(ground.violations(), "k" + key, TTL.plus(STALE), MARGIN))
                .toList();
    }

    private List<Cache<String>> caches() {
        String name = "stale" + jumps.getAndIncrement();
        return List.of(
                builder(ground.mine(), name).build(),
                builder(ground.theirs(), name).earlyRefresh().build());
    }

    private static CacheBuilder<String> builder(RedisManager redis, String name) {
        return Cache.builder(redis, name, String.class).ttl(TTL).staleFor(STALE);
    }

    @Override
    public String name() {
        return "stale";
    }

    @Override
    public double perSecond() {
        return 200;
    }

    @Override
    public int threads() {
        return 2;
    }

    @Override
    public void step() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int key = random.nextInt(KEYS);
        int back = ground.epochs().back();
        if (random.nextInt(100) < INVALIDATED_IN_HUNDRED) {
            invalidate(key, back);
            return;
        }
        int process = random.nextInt(2);
        long start = System.nanoTime();
        long oldest = fresh.oldest(key, start, process == 0 ? 0 : CachedReadLoad.LAG_NANOS);
        @Nullable Optional<String> value;
        try {
            value = calls.run(
                    ground.deadline().multipliedBy(TRIPS).plus(Profiles.LOST_LEASE),
                    () -> caches.get(process).get("k" + key, name -> load(key)));
        } catch (SourceDown e) {
            felt.increment();
            stale.get(key).failed(System.nanoTime(), ground.calm().holds(start - STALE.toNanos()));
            return;
        }
        if (value == null || value.isEmpty()) {
            return;
        }
        String[] parts = value.get().split("=", 4);
        if (!parts[0].equals("k" + key)) {
            ground.violations().add("the right reply to the right caller", "a reader of stale values got another's");
        } else if (ground.epochs().isForward(back)) {
            fresh.read("process " + process + ", stale,", key, Long.parseLong(parts[1]), oldest);
            stale.get(key).served(start, Long.parseLong(parts[2]), ground.calm().holds(start));
        }
    }

    @Override
    public void lost(Loss loss) {
        stale.forEach(each -> each.gone(System.nanoTime()));
        if (loss == Loss.GOES_BACK) {
            fresh.forgotten();
        } else if (loss == Loss.JUMPS) {
            // An entry that is stored while the clock is ahead expires only when that time comes.
            caches = caches();
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        Map<String, Long> counts = new TreeMap<>(calls.counts());
        counts.put("felt the source", felt.sum());
        counts.put(
                "served stale",
                caches.stream().mapToLong(each -> each.stats().stale()).sum());
        counts.put("early", caches.get(1).stats().earlyRefreshes());
        return counts;
    }

    private void invalidate(int key, int back) {
        stale.get(key).gone(System.nanoTime());
        long version = fresh.change(key);
        Cache<String> invalidating = caches.get(0);
        calls.begin(ground.deadline(), () -> invalidating.invalidateAsync("k" + key), (outcome, count) -> {
            stale.get(key).gone(System.nanoTime());
            if (outcome == Outcome.OK && ground.epochs().isForward(back) && invalidating == caches.get(0)) {
                fresh.invalidated(key, version, System.nanoTime());
            }
        });
    }

    private Optional<String> load(int key) {
        long begun = System.nanoTime();
        String value = "k" + key + "=" + fresh.source(key) + "=" + begun + "=" + ground.filling();
        LockSupport.parkNanos(LOAD_NANOS);
        if (TimeUnit.NANOSECONDS.toSeconds(begun) % 3 == 0) {
            throw new SourceDown();
        }
        return Optional.of(value);
    }
}
