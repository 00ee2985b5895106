package dev.forge.benchmarks.measure;

import org.HdrHistogram.Histogram;

/**
 * Counts durations, each to two significant digits: 35 KiB for each thread, where three digits would take 250.
 *
 * <p>Lettuce times every command if both HdrHistogram and LatencyUtils are on the class path, and would look slower than
 * it is. So LatencyUtils must not be there.
 *
 * <p>Not thread-safe.
 */
public final class Latencies {
    private static final int DIGITS = 2;
    private static final long LONGEST = (1L << 40) - 1;

    private final Histogram histogram = new Histogram(LONGEST, DIGITS);
    private long max;

    /** Counts a duration; those above 18 minutes count as that. */
    public void record(long nanos) {
        long bounded = Math.min(Math.max(nanos, 0), LONGEST);
        histogram.recordValue(bounded);
        max = Math.max(max, bounded);
    }

    /** Adds all that {@code other} has counted. */
    public void add(Latencies other) {
        histogram.add(other.histogram);
        max = Math.max(max, other.max);
    }

    /** Returns the number of counted durations. */
    public long count() {
        return histogram.getTotalCount();
    }

    /** Returns the longest, in microseconds. */
    public double maxMicros() {
        return max / 1_000.0;
    }

    /** Returns the percentile for {@code share} (from 0 to 1), in microseconds; 0 if none was counted. */
    public double micros(double share) {
        return Math.min(histogram.getValueAtPercentile(100 * share), max) / 1_000.0;
    }
}
