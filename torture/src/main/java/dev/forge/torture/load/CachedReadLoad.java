package dev.forge.torture.load;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Reads through the caches of two processes; there is no near cache yet. */
public final class CachedReadLoad implements LoadStream {

    /** In the process that did not invalidate, a read may join a look-up that began before. */
    private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Looking up, taking the lease and publishing are one call each. */
    private static final int CALLS = 3;

    private final Ground ground;
    private final Profiles profiles;
    private final Calls calls;
    private final AtomicLong steps = new AtomicLong();

    public CachedReadLoad(Ground ground, Profiles profiles) {
        this.ground = ground;
        this.profiles = profiles;
        this.calls = new Calls(ground, name());
    }

    @Override
    public String name() {
        return "cached reads";
    }

    @Override
    public double perSecond() {
        return 3_000;
    }

    @Override
    public int threads() {
        return 3;
    }

    @Override
    public void step() {
        int key = Profiles.anyKey();
        String name = Integer.toString(key);
        long number = steps.getAndIncrement();
        int epoch = ground.epochs().now();
        boolean lags = number % 8 == 0;
        long oldest = profiles.check.oldest(key, System.nanoTime(), lags ? LAG_NANOS : 0);
        Optional<String> value;
        if (lags) {
            value = calls.run(
                    ground.deadline().multipliedBy(CALLS).plus(Profiles.LOST_LEASE),
                    () -> profiles.theirs.get(name, k -> profiles.load(key)));
        } else if (number % 4 == 1) {
            value = calls.run(ground.deadline(), () -> profiles.theirs.getIfPresent(name));
        } else {
            value = calls.run(
                    ground.deadline().multipliedBy(CALLS).plus(Profiles.LOST_LEASE),
                    () -> profiles.mine.get(name, k -> profiles.load(key)));
        }
        if (value != null && value.isPresent()) {
            profiles.read(lags ? "the other process" : "a reader", key, value.get(), oldest, epoch);
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }
}
