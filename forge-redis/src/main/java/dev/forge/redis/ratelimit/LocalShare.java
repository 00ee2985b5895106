package dev.forge.redis.ratelimit;

import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The share of each limit that this process may allow without Redis: a token bucket for each subject.
 *
 * <p>Thread-safe.
 */
final class LocalShare {

    static final int MOST_SUBJECTS = 10_000;

    private final List<Share> shares;
    private final LongSupplier ticker;

    /** When the buckets of a subject are full again, by the hash of the subject, in order of last use. */
    private final Map<String, long[]> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, long[]> eldest) {
            return size() > MOST_SUBJECTS;
        }
    };

    /**
     * The share of one limit.
     *
     * <p>Except for rounding, a bucket of several permits fills within the period; a bucket of one permit may take
     * longer. So no product of up to {@code permits} and the interval overflows.
     */
    private record Share(Limit limit, long permits, long intervalNanos) {

        /** The longest interval: no process runs that long, and sums still fit a nanosecond clock of 292 years. */
        private static final long LONGEST_NANOS = Duration.ofDays(36_500).toNanos();

        static Share of(Limit limit, int instances) {
            return new Share(limit, Math.max(1, limit.permits() / instances), interval(limit, instances));
        }

        /**
         * Returns {@code period * instances / permits}, rounded up, without the product, which may not fit into a long.
         */
        private static long interval(Limit limit, int instances) {
            long period = limit.period().toNanos();
            long permits = limit.permits();
            long whole = period / permits;
            if (whole > LONGEST_NANOS / instances) {
                return LONGEST_NANOS;
            }
            long rest = period % permits * instances;
            return Math.min(LONGEST_NANOS, whole * instances + (rest + permits - 1) / permits);
        }

        /** Returns how long the bucket takes from empty to full. */
        long burstNanos() {
            return permits * intervalNanos;
        }
    }

    LocalShare(List<Limit> limits, int instances, LongSupplier ticker) {
        this.shares = limits.stream().map(limit -> Share.of(limit, instances)).toList();
        this.ticker = ticker;
    }

    /** Takes {@code cost} permits of every share, or none; takes nothing if {@code takes} is false. */
    Decision decide(String subject, int cost, boolean takes) {
        for (Share share : shares) {
            if (cost > share.permits()) {
                // No bucket ever holds that many permits: only the shared count can allow it.
                return OutagePolicy.askAgain(share.limit());
            }
        }
        String hash = SharedCount.hash(subject);
        synchronized (buckets) {
            long now = ticker.getAsLong();
            long[] full = buckets.computeIfAbsent(hash, unused -> filled(now));
            Share scarce = shares.get(0);
            long left = Long.MAX_VALUE;
            long wait = 0;
            long next = 0;
            long reset = 0;
            for (int i = 0; i < full.length; i++) {
                Share share = shares.get(i);
                long owed = Math.max(0, full[i] - now);
                long price = cost * share.intervalNanos();
                long missing = owed + price - share.burstNanos();
                long free = (share.burstNanos() - owed) / share.intervalNanos() - (takes ? cost : 0);
                if (missing > wait || (wait == 0 && free < left)) {
                    scarce = share;
                }
                wait = Math.max(wait, missing);
                next = Math.max(next, missing + (takes ? price : 0));
                left = Math.min(left, free);
                reset = Math.max(reset, owed + (takes && missing <= 0 ? price : 0));
            }
            if (wait > 0) {
                return new Denied(
                        Duration.ofNanos(wait),
                        Duration.ofNanos(Math.max(reset, wait)),
                        Basis.LOCAL_SHARE,
                        scarce.limit());
            }
            for (int i = 0; takes && i < full.length; i++) {
                full[i] =
                        Math.max(full[i] - now, 0) + now + cost * shares.get(i).intervalNanos();
            }
            return new Allowed(
                    left, Duration.ofNanos(next), Duration.ofNanos(reset), Basis.LOCAL_SHARE, scarce.limit());
        }
    }

    private long[] filled(long now) {
        long[] full = new long[shares.size()];
        Arrays.fill(full, now);
        return full;
    }
}
