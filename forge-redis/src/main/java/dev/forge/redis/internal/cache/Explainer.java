package dev.forge.redis.internal.cache;

import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.cache.observe.Explanation.State;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.thread.Futures;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Collects the {@link Explanation} of one key. */
public record Explainer<V>(
        RedisCore redis,
        EntryCodec<V> values,
        Tags tags,
        PendingInvalidations pending,
        Outages outages,
        Duration staleFor) {

    /** Returns the state of {@code key}; {@code UNKNOWN} if Redis cannot be read. */
    public CompletableFuture<Explanation> explain(CacheKey key, boolean near, boolean loading) {
        return redis.getBytes(key.inRedis())
                .exceptionally(WrongType::orThrow)
                .thenCombine(redis.pttl(key.inRedis()), (bytes, ttl) -> explained(key, bytes, ttl, near, loading))
                .thenCompose(done -> done)
                .exceptionally(failure -> new Explanation(
                        key.inRedis(),
                        State.UNKNOWN,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        List.of(),
                        true,
                        near,
                        loading,
                        pending.concerns(key.inRedis()),
                        String.valueOf(Futures.unwrapped(failure).getMessage()),
                        values.check().lastReason()));
    }

    private CompletableFuture<Explanation> explained(
            CacheKey key, Optional<byte[]> bytes, long ttl, boolean near, boolean loading) {
        Entry entry = bytes.map(Entry::decode).orElse(null);
        Entry inner = entry == null ? null : entry.withoutLease();
        Entry.Stamp stamp = inner instanceof Entry.Value value ? value.stamp() : null;
        CompletableFuture<Boolean> valid =
                stamp == null ? CompletableFuture.completedFuture(true) : tags.areValid(stamp);
        return valid.thenApply(tagsValid -> {
            boolean usable = inner instanceof Entry.Value || inner instanceof Entry.Absence;
            Optional<Duration> left = ttl < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(ttl));
            return new Explanation(
                    key.inRedis(),
                    state(entry),
                    bytes.map(all -> all.length).orElse(0),
                    usable ? left.map(whole -> whole.minus(staleFor)) : Optional.empty(),
                    left,
                    Duration.ofMillis(loadMillis(inner)),
                    stamp == null ? List.of() : stamp.tags(),
                    tagsValid,
                    near,
                    loading,
                    pending.concerns(key.inRedis()),
                    outages.last(),
                    values.check().lastReason());
        });
    }

    private State state(@Nullable Entry entry) {
        if (entry == null) {
            return State.NOTHING;
        }
        if (entry instanceof Entry.Lease lease) {
            return lease.last() instanceof Entry.Unreadable ? State.LEASE : State.LEASE_BESIDE_VALUE;
        }
        if (entry instanceof Entry.Fence) {
            return State.FENCE;
        }
        if (entry instanceof Entry.Absence) {
            return State.ABSENCE;
        }
        return entry instanceof Entry.Value value && values.decode(value) != null ? State.VALUE : State.UNREADABLE;
    }

    private static int loadMillis(@Nullable Entry entry) {
        if (entry instanceof Entry.Value value) {
            return value.loadMillis();
        }
        return entry instanceof Entry.Absence absence ? absence.loadMillis() : 0;
    }
}
