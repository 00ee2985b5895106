package dev.forge.torture.load;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.EntryOptions;
import dev.forge.torture.check.FreshnessCheck;
import dev.forge.torture.check.Outcome;
import dev.forge.torture.fault.Loss;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values that are invalidated by tags, all of one tag in one step, and read in two processes. */
public final class TagLoad implements LoadStream {

    private static final int TAGS = 20;
    private static final int KEYS_OF_A_TAG = 8;
    private static final int INVALIDATIONS_IN_TEN = 1;
    private static final int TRIPS = 4;
    private static final long SLOW_LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final Duration TTL = Duration.ofSeconds(20);

    private final Ground ground;
    private final Calls calls;
    private final FreshnessCheck check;
    private final AtomicInteger jumps = new AtomicInteger();

    private volatile List<Cache<String>> caches;
    private final AtomicLong steps = new AtomicLong();

    public TagLoad(Ground ground) {
        this.ground = ground;
        this.calls = Calls.ofLookups(ground, name());
        this.check = new FreshnessCheck(ground.violations(), TAGS);
        this.caches = caches();
    }

    private List<Cache<String>> caches() {
        String name = "tagged" + jumps.getAndIncrement();
        return Stream.of(ground.mine(), ground.theirs())
                .map(redis -> Cache.builder(redis, name, String.class)
                        .ttl(TTL)
                        .options(TagLoad::tagOf)
                        .build())
                .toList();
    }

    @Override
    public String name() {
        return "tags";
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
        int tag = random.nextInt(TAGS);
        int back = ground.epochs().back();
        if (random.nextInt(10) < INVALIDATIONS_IN_TEN) {
            invalidate(tag, back);
            return;
        }
        int process = (int) (steps.getAndIncrement() % 2);
        // Only the first process invalidates. In the other, a read may join a look-up that began before.
        long oldest = check.oldest(tag, System.nanoTime(), process == 0 ? 0 : CachedReadLoad.LAG_NANOS);
        String key = tag + "/" + random.nextInt(KEYS_OF_A_TAG);
        @Nullable
        Optional<String> value = calls.run(
                ground.deadline().multipliedBy(TRIPS).plus(Profiles.LOST_LEASE),
                () -> caches.get(process).get(key, name -> load(tag, name)));
        if (value != null && value.isPresent()) {
            read(process, key, tag, value.get(), oldest, back);
        }
    }

    @Override
    public void lost(Loss loss) {
        if (loss == Loss.GOES_BACK) {
            check.forgotten();
        } else if (loss == Loss.JUMPS) {
            // A value that was stamped in the future outlives a clock of the tags that is evicted after that.
            caches = caches();
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }

    private void invalidate(int tag, int back) {
        long version = check.change(tag);
        Cache<String> invalidating = caches.get(0);
        calls.begin(ground.deadline(), () -> invalidating.invalidateTagAsync("t" + tag), (outcome, none) -> {
            // If the caches were replaced meanwhile, the invalidation went through another one.
            if (outcome == Outcome.OK && ground.epochs().isForward(back) && invalidating == caches.get(0)) {
                check.invalidated(tag, version, System.nanoTime());
            }
        });
    }

    private Optional<String> load(int tag, String key) {
        String value = key + "=" + check.source(tag) + "=" + ground.filling();
        if (ThreadLocalRandom.current().nextInt(3) == 0) {
            LockSupport.parkNanos(SLOW_LOAD_NANOS);
        }
        return Optional.of(value);
    }

    private void read(int process, String key, int tag, String value, long oldest, int back) {
        String[] parts = value.split("=", 3);
        if (!parts[0].equals(key)) {
            ground.violations().add("the right reply to the right caller", "a reader of tags got another's value");
        } else if (ground.epochs().isForward(back)) {
            check.read("process " + process + ", by tag,", tag, Long.parseLong(parts[1]), oldest);
        }
    }

    private static EntryOptions tagOf(String value) {
        return EntryOptions.NONE.tags("t" + value.substring(0, value.indexOf('/')), "all");
    }
}
