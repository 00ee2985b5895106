package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.internal.cache.NearEntry.Pending;
import dev.forge.redis.internal.tracking.TrackedRead;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import dev.forge.redis.key.Keyspace;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The near side of a cache: values of one keyspace in the application's own memory, never older than a stated bound.
 *
 * <p>What {@link #get} returns was the value in Redis less than {@link dev.forge.redis.settings.RedisSettings#nearMaxStaleness()} ago. It is
 * shared by all callers and must not be changed. Where that cannot be said, because Redis is away, slow to answer, or does not
 * tell of changes, it returns nothing and {@link #fetch} reads from Redis in the ordinary way, which is counted.
 *
 * <p>In this process a write is seen at once: whoever writes calls {@link #forget} before the command is sent and again when it
 * has ended, however that was. Of one that failed nothing is kept until it has been made good.
 *
 * <p>Thread-safe.
 */
public final class NearCache<V> implements Tracking.Listener {

    /** So long anything is kept at most: the bound on what no algorithm of this kind can notice. */
    public static final Duration MAX_LIFE = Duration.ofSeconds(60);

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final Tracking tracking;
    private final NearMap<V> map;
    private final long maxLifeNanos;
    private final LongAdder bypasses = new LongAdder();
    private final LongAdder discarded = new LongAdder();

    /**
     * @param maxWeight how much all values may weigh together: how many there are, if each weighs 1
     * @param maxLife how long anything is kept at most
     * @param distrusted whether nothing of a key may be kept now, because a write of this process to it has failed: see
     *     {@link NearMap}
     */
    public NearCache(
            RedisCore redis, Keyspace keyspace, long maxWeight, Duration maxLife, Predicate<String> distrusted) {
        this.redis = redis;
        this.keyspace = keyspace;
        this.tracking = redis.tracking();
        this.map = new NearMap<>(maxWeight, distrusted);
        this.maxLifeNanos = maxLife.toNanos();
        tracking.listen(this);
    }

    /** Returns the value of {@code key}, or the knowledge that there is none, if that is here; else null. Allocates nothing. */
    @Nullable
    public Held<V> get(String key) {
        return map.get(key);
    }

    /**
     * Reads {@code key} from Redis, so that it can be kept here. Fails as {@link RedisCore#getBytes} does.
     *
     * <p>The result says what is there; its owner decodes it and says what is to be kept.
     */
    public CompletableFuture<Fetched<V>> fetch(String key) {
        String redisKey = keyspace.key(key);
        TrackingEpoch epoch = tracking.epochOf(redisKey);
        if (epoch == null) {
            bypasses.increment();
            return redis.getBytes(redisKey)
                    .thenApply(bytes -> new Fetched<>(
                            this, key, null, new TrackedRead(bytes, TrackedRead.NO_KEY, System.nanoTime(), false)));
        }
        Pending<V> pending = map.begin(key, epoch);
        CompletableFuture<TrackedRead> reading;
        try {
            reading = tracking.read(epoch, redisKey);
        } catch (RuntimeException refusal) {
            map.abandon(key, pending);
            throw refusal;
        }
        return reading.whenComplete((read, failure) -> {
                    if (failure != null || !read.isTracked()) {
                        map.abandon(key, pending);
                        bypasses.increment();
                    }
                })
                .thenApply(read -> new Fetched<>(this, key, read.isTracked() ? pending : null, read));
    }

    /** Forgets {@code key}, also if it is on its way. */
    public void forget(String key) {
        map.forget(key);
    }

    /** Forgets everything, also what is on its way. */
    void forgetAll() {
        map.forgetAll();
    }

    @Override
    public void changed(String redisKey) {
        keyspace.keyIn(redisKey).ifPresent(map::forget);
    }

    @Override
    public void allChanged() {
        // What was read in a generation that is over is not served; the room is taken by what comes.
    }

    /** Returns how often Redis was read in the ordinary way, because it did not tell of changes. */
    public long bypasses() {
        return bypasses.sum();
    }

    /** Returns how often something read was not kept, because the key changed meanwhile. */
    public long discarded() {
        return discarded.sum();
    }

    int size() {
        return map.size();
    }

    long maxLifeNanos() {
        return maxLifeNanos;
    }

    void publish(String key, Pending<V> pending, Optional<V> value, long deadline, int weight) {
        if (!map.publish(key, pending, value, deadline, weight)) {
            discarded.increment();
        }
    }

    void abandon(String key, Pending<V> pending) {
        map.abandon(key, pending);
    }
}
