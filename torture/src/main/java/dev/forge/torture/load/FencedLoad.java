package dev.forge.torture.load;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheFence;
import dev.forge.torture.check.FreshnessCheck;
import dev.forge.torture.check.Outcome;
import dev.forge.torture.fault.Loss;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Transactions in two processes that fence what they change. Between the commit and the invalidation after it, they look
 * whether the old value is still there.
 */
public final class FencedLoad implements LoadStream {

    private static final int KEYS = 20;
    private static final int TRANSACTIONS_IN_TEN = 4;
    private static final int ROLLED_BACK_IN_TEN = 2;
    private static final int TRIPS = 4;
    private static final long SLOW_LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private final Ground ground;
    private final Calls calls;
    private final List<Cache<String>> caches;
    private final FreshnessCheck check;

    public FencedLoad(Ground ground) {
        this.ground = ground;
        this.calls = Calls.ofLookups(ground, name());
        this.caches = Stream.of(ground.mine(), ground.theirs())
                .map(redis -> Cache.builder(redis, "fenced", String.class).build())
                .toList();
        this.check = new FreshnessCheck(ground.violations(), KEYS);
    }

    @Override
    public String name() {
        return "transactions";
    }

    @Override
    public double perSecond() {
        return 100;
    }

    @Override
    public int threads() {
        return 2;
    }

    @Override
    public void step() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int key = random.nextInt(KEYS);
        Cache<String> cache = caches.get(random.nextInt(2));
        if (random.nextInt(10) < TRANSACTIONS_IN_TEN) {
            change(cache, key);
        } else {
            // What such a load has read before a commit must not be stored after it.
            var unused = calls.run(
                    ground.deadline().multipliedBy(TRIPS).plus(Profiles.LOST_LEASE),
                    () -> cache.get(redisKey(key), name -> load(key)));
        }
    }

    /** A fence may be lost with other data, and then nothing keeps the old value away. */
    @Override
    public void lost(Loss loss) {
        check.forgotten();
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }

    private void change(Cache<String> cache, int key) {
        int epoch = ground.epochs().now();
        long start = System.nanoTime();
        CacheFence<String> fence = calls.run(ground.deadline(), () -> cache.fence(List.of(redisKey(key))));
        if (fence == null) {
            return;
        }
        fence.failure().ifPresent(failure -> ground.calm().failed(name(), start, "no fence: " + failure.getMessage()));
        if (ThreadLocalRandom.current().nextInt(10) < ROLLED_BACK_IN_TEN) {
            end(fence::rollBack);
            return;
        }
        long version = check.change(key);
        if (fence.failure().isEmpty()) {
            committed(key, version, epoch);
        }
        caches.forEach(each -> look(each, key));
        if (end(fence::commit)) {
            committed(key, version, epoch);
        }
        caches.forEach(each -> look(each, key));
    }

    /** Runs the end of a fence; returns whether Redis has acknowledged it. */
    private boolean end(Runnable end) {
        Outcome[] ended = {Outcome.OTHER};
        var unused = calls.run(
                ground.deadline(),
                () -> {
                    end.run();
                    return true;
                },
                outcome -> ended[0] = outcome);
        return ended[0] == Outcome.OK;
    }

    private void committed(int key, long version, int epoch) {
        if (ground.epochs().holds(epoch)) {
            check.invalidated(key, version, System.nanoTime());
        }
    }

    /** Does not load, and so joins no look-up that began before. */
    private void look(Cache<String> cache, int key) {
        int epoch = ground.epochs().now();
        long oldest = check.oldest(key, System.nanoTime(), 0);
        @Nullable Optional<String> found = calls.run(ground.deadline(), () -> cache.getIfPresent(redisKey(key)));
        if (found == null || found.isEmpty()) {
            return;
        }
        String[] parts = found.get().split("=", 3);
        if (!parts[0].equals(redisKey(key))) {
            ground.violations().add("the right reply to the right caller", "a look got the value of another key");
        } else if (ground.epochs().holds(epoch)) {
            check.read("a look after a commit", key, Long.parseLong(parts[1]), oldest);
        }
    }

    private Optional<String> load(int key) {
        String value = redisKey(key) + "=" + check.source(key) + "=" + ground.filling();
        if (ThreadLocalRandom.current().nextInt(3) == 0) {
            LockSupport.parkNanos(SLOW_LOAD_NANOS);
        }
        return Optional.of(value);
    }

    private static String redisKey(int key) {
        return "k" + key;
    }
}
