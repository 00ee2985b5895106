package dev.forge.torture.load;

import dev.forge.redis.cache.Cache;
import dev.forge.torture.check.LoadOnceCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Rounds in which four callers in two processes read and write the same keys at once, each in its own order. */
public final class BulkLoad implements LoadStream {

    private static final int KEYS = 120;
    private static final int CALLERS = 4;
    private static final int LOAD_MILLIS = 15;
    private static final int TRIPS = 6;
    private static final Duration TTL = Duration.ofSeconds(30);

    private static final String PROMISE = "a bulk look-up has the value of each key";

    private final Ground ground;
    private final Calls calls;
    private final List<Cache<String>> caches;
    private final LoadOnceCheck loads;
    private final Random random;
    private final ExecutorService callers;
    private final AtomicInteger rounds = new AtomicInteger();

    /** The value that a loader returns now. */
    private volatile String source = "";

    public BulkLoad(Ground ground, long seed) {
        this.ground = ground;
        this.calls = Calls.ofLookups(ground, name());
        this.caches = List.of(
                Cache.builder(ground.mine(), "bulk", String.class).ttl(TTL).build(),
                Cache.builder(ground.theirs(), "bulk", String.class).ttl(TTL).build());
        this.loads = new LoadOnceCheck(ground.violations());
        this.random = new Random(seed);
        AtomicInteger number = new AtomicInteger();
        this.callers = Executors.newFixedThreadPool(
                CALLERS, run -> new Thread(run, "torture-bulk-caller-" + number.getAndIncrement()));
    }

    @Override
    public String name() {
        return "bulk";
    }

    @Override
    public double perSecond() {
        return 1;
    }

    @Override
    public void step() {
        int round = rounds.getAndIncrement();
        List<String> keys =
                IntStream.range(0, KEYS).mapToObj(i -> round + ":" + i).toList();
        int back = ground.epochs().back();
        source = "cold";
        read("a cold read", keys, Set.of("cold"), back);
        source = "after";
        if (write(keys)) {
            read("a read after the writes", keys, Set.of("put0", "put1", "after"), back);
        }
        source = "last";
        Long removed =
                calls.run(ground.deadline(), () -> caches.get(round % 2).invalidate(keys.toArray(String[]::new)));
        if (removed != null) {
            read("a read after the invalidation", keys, Set.of("last"), back);
        }
    }

    @Override
    public void stop() {
        callers.shutdownNow();
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }

    private void read(String what, List<String> keys, Set<String> right, int back) {
        long start = System.nanoTime();
        atOnce(caller -> {
            List<String> mine = shuffled(keys).subList(0, KEYS * 3 / 4);
            Map<String, String> found = calls.run(
                    ground.deadline().multipliedBy(TRIPS).plus(Profiles.LOST_LEASE.multipliedBy(2)),
                    () -> read(caller, mine));
            if (found != null) {
                check(what, mine, found, right, back);
            }
        });
        loads.finish(what, ground.calm().holds(start));
    }

    private Map<String, String> read(int caller, Collection<String> keys) {
        Cache<String> cache = caches.get(caller % 2);
        // Half of them blocking, half async, whose loader runs on another thread.
        return caller < 2 ? cache.getAll(keys, this::load) : Joined.of(cache.getAllAsync(keys, this::load));
    }

    /** Writes all keys from both processes; returns whether both were acknowledged. */
    private boolean write(List<String> keys) {
        AtomicInteger acknowledged = new AtomicInteger();
        atOnce(caller -> {
            if (caller < 2) {
                Map<String, String> values = new LinkedHashMap<>();
                shuffled(keys).forEach(key -> values.put(key, value(key, "put" + caller)));
                Boolean done = calls.run(ground.deadline().multipliedBy(TRIPS), () -> {
                    caches.get(caller).putAll(values);
                    return true;
                });
                acknowledged.addAndGet(done == null ? 0 : 1);
            }
        });
        return acknowledged.get() == 2;
    }

    private void check(String what, List<String> keys, Map<String, String> found, Set<String> right, int back) {
        for (String key : keys) {
            String value = found.get(key);
            if (value == null || !value.startsWith(key + "=")) {
                ground.violations()
                        .add(PROMISE, what + " found " + (value == null ? "nothing" : "another's") + " for " + key);
            } else if (!right.contains(value.split("=", 3)[1])
                    && ground.epochs().isForward(back)) {
                ground.violations().add(PROMISE, what + " found " + value.split("=", 3)[1] + ", not one of " + right);
            }
        }
    }

    private Map<String, String> load(Set<String> missing) {
        loads.loading(missing);
        String now = source;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOAD_MILLIS));
        Map<String, String> loaded = new HashMap<>();
        missing.forEach(key -> loaded.put(key, value(key, now)));
        return loaded;
    }

    private String value(String key, String what) {
        return key + "=" + what + "=" + ground.filling();
    }

    private List<String> shuffled(List<String> keys) {
        List<String> copy = new ArrayList<>(keys);
        synchronized (random) {
            Collections.shuffle(copy, random);
        }
        return copy;
    }

    private interface Caller {
        void run(int number);
    }

    /** Runs all callers at once, and waits for them; the step throws what they throw. */
    private void atOnce(Caller work) {
        List<CompletableFuture<Void>> all = IntStream.range(0, CALLERS)
                .mapToObj(i -> CompletableFuture.runAsync(() -> work.run(i), callers))
                .toList();
        all.forEach(Joined::of);
    }
}
