package dev.forge.redis.cache;

import java.time.Duration;
import java.util.Optional;

/**
 * The time at which the view of the source that a value is read from began. A transaction with such a view sees what was
 * committed before that time, and nothing later.
 *
 * <p>Such a transaction may load an old value after the value has been invalidated. {@link CacheMiss#readFrom} keeps it from being
 * stored.
 *
 * <p>Immutable.
 */
public final class Snapshot {

    private static final Snapshot UNKNOWN = new Snapshot(0, false);

    private final long begin;
    private final boolean isKnown;

    private Snapshot(long begin, boolean isKnown) {
        this.begin = begin;
        this.isKnown = isKnown;
    }

    /** Returns a snapshot that begins now. Call this before the transaction begins. */
    public static Snapshot begin() {
        return new Snapshot(System.nanoTime(), true);
    }

    /**
     * Returns a snapshot of unknown age, other than that it is younger than {@link CacheBuilder#longestSnapshot}. It counts as older
     * than every change: its values are stored only if their keys have not changed for that long.
     */
    public static Snapshot unknown() {
        return UNKNOWN;
    }

    /** Returns how long ago it began; empty if that is not known. */
    Optional<Duration> age() {
        return isKnown ? Optional.of(Duration.ofNanos(System.nanoTime() - begin)) : Optional.empty();
    }
}
