package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.cache.NearEntry.Pending;
import dev.forge.redis.internal.tracking.TrackedRead;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What {@link NearCache#fetch} has found in Redis. Whoever has decoded it says what may be kept of it, once, by {@link #hold} or
 * {@link #drop}, on any thread and at any time.
 */
public final class Fetched<V> {

    private final NearCache<V> near;
    private final String key;
    private final @Nullable Pending<V> pending;
    private final TrackedRead read;

    /** @param pending what was put in before the question left, or null if nothing may be kept */
    Fetched(NearCache<V> near, String key, @Nullable Pending<V> pending, TrackedRead read) {
        this.near = near;
        this.key = key;
        this.pending = pending;
        this.read = read;
    }

    /** Returns the key, as the users of the cache know it. */
    String key() {
        return key;
    }

    /** Returns what Redis has for the key. */
    public Optional<byte[]> bytes() {
        return read.bytes();
    }

    /** Returns whether {@link #lifeMillis} is known. */
    boolean isTracked() {
        return read.isTracked();
    }

    /** Returns how long Redis will keep it, -1 if it has no end or is not known to have one. */
    long lifeMillis() {
        return Math.max(TrackedRead.NO_END, read.pttlMillis());
    }

    /**
     * Keeps {@code value}, or the knowledge that there is none, for as long as Redis keeps it, but no longer than {@code most}
     * since the question left and no longer than the near cache keeps anything. Nothing is kept if the key has changed
     * meanwhile.
     *
     * @param weight how much of the room it takes, at least 1
     */
    public void hold(Optional<V> value, Duration most, int weight) {
        Pending<V> mine = pending;
        if (mine == null) {
            return;
        }
        long life = lifeNanos();
        if (most.compareTo(Duration.ofNanos(life)) < 0) {
            life = most.toNanos();
        }
        if (life <= 0) {
            near.abandon(key, mine);
        } else {
            near.publish(key, mine, value, read.sentAt() + life, weight);
        }
    }

    /** Keeps nothing: such as of a lease, or of what cannot be read. */
    void drop() {
        if (pending != null) {
            near.abandon(key, pending);
        }
    }

    /** Returns for how long from when the question left Redis says that what it has stays. */
    private long lifeNanos() {
        long left = read.pttlMillis();
        boolean isThere = read.bytes().isPresent();
        if (isThere == (left == TrackedRead.NO_KEY)) {
            // It came, went or ended between the two answers.
            return 0;
        }
        return left < 0 || left > TimeUnit.NANOSECONDS.toMillis(near.maxLifeNanos())
                ? near.maxLifeNanos()
                : TimeUnit.MILLISECONDS.toNanos(left);
    }
}
