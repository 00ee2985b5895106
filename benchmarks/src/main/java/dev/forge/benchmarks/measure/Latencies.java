package dev.forge.benchmarks.measure;

/**
 * Counts durations in buckets whose width is at most 1/64 of their values. Not thread-safe.
 *
 * <p>Not HdrHistogram, because Lettuce times every command if that library and LatencyUtils are on the class path.
 */
public final class Latencies {
    private static final int BITS = 6;
    private static final long LONGEST = (1L << 40) - 1;

    private final long[] buckets = new long[bucket(LONGEST) + 1];
    private long count;
    private long max;

    /** Counts a duration; those above 18 minutes count as that. */
    public void record(long nanos) {
        long bounded = Math.min(Math.max(nanos, 0), LONGEST);
        buckets[bucket(bounded)]++;
        count++;
        max = Math.max(max, bounded);
    }

    /** Adds all that {@code other} has counted. */
    public void add(Latencies other) {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] += other.buckets[i];
        }
        count += other.count;
        max = Math.max(max, other.max);
    }

    /** Returns the number of counted durations. */
    public long count() {
        return count;
    }

    /** Returns the longest, in microseconds. */
    public double maxMicros() {
        return max / 1_000.0;
    }

    /** Returns the percentile for {@code share} (from 0 to 1), in microseconds; 0 if none was counted. */
    public double micros(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= rank) {
                return Math.min(highest(i), max) / 1_000.0;
            }
        }
        return 0;
    }

    // Below 64 a bucket has one value; above, each power of two is split into 64.
    private static int bucket(long value) {
        int shift = Math.max(0, 63 - BITS - Long.numberOfLeadingZeros(value));
        return (shift << BITS) + (int) (value >>> shift);
    }

    private static long highest(int bucket) {
        int shift = Math.max(0, (bucket >>> BITS) - 1);
        long lowest = (long) (bucket - (shift << BITS)) << shift;
        return lowest + (1L << shift) - 1;
    }
}
