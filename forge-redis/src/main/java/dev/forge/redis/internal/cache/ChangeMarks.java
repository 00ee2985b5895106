package dev.forge.redis.internal.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Marks in Redis that say how long ago keys of a cache were changed, for readers of a source that shows them a snapshot.
 *
 * <p>A change first leaves its mark, and then removes the value. A reader first takes the lease, and then looks for the mark. So
 * either it finds the mark, or the change ends its lease. A mark lasts as long as a snapshot may be old, and its age follows from its
 * remaining TTL: no clock of any client counts.
 *
 * <p>When Redis is unavailable, everything fails.
 */
public final class ChangeMarks {

    private static final LuaScript NEWEST = LuaScript.beside(ChangeMarks.class, "newest_mark.lua");
    private static final byte[] MARK = {'1'};

    /** By how much a snapshot must be younger than a mark, because Redis counts in milliseconds, and clocks drift. */
    private static final Duration MARGIN = Duration.ofMillis(10);

    private final RedisCore redis;
    private final String whole;
    private final Supplier<Duration> longest;

    /** @param longest how old a snapshot may be; zero if there are none, and changes leave no marks */
    public ChangeMarks(RedisCore redis, Keyspace keyspace, Supplier<Duration> longest) {
        this.redis = redis;
        this.whole = "{" + keyspace.name() + ":.changed}";
        this.longest = longest;
    }

    /** Marks {@code redisKeys} as changed, and then begins {@code change}. */
    public <T> CompletableFuture<T> before(List<String> redisKeys, Supplier<CompletableFuture<T>> change) {
        Duration ttl = longest.get();
        return ttl.isZero()
                ? change.get()
                : after(
                        redis.partsWindow()
                                .forEach(
                                        redisKeys.size(),
                                        number -> redis.setBytes(mark(redisKeys.get(number)), MARK, ttl)),
                        change);
    }

    /** Marks all keys of the cache as changed, and then begins {@code change}. */
    public <T> CompletableFuture<T> beforeAny(Supplier<CompletableFuture<T>> change) {
        Duration ttl = longest.get();
        return ttl.isZero() ? change.get() : after(redis.setBytes(whole, MARK, ttl), change);
    }

    /**
     * Begins {@code change} even if the marks cannot be set, but then fails: in a cluster the marks are on one primary, and while
     * that is down, the others must not keep old values. Meanwhile no reader stores an older value, because none can look for the
     * marks.
     */
    private static <T> CompletableFuture<T> after(CompletableFuture<?> marking, Supplier<CompletableFuture<T>> change) {
        return marking.handle((done, failure) -> failure).thenCompose(failure -> {
            if (failure == null) {
                return change.get();
            }
            CompletableFuture<T> unmarked = CompletableFuture.failedFuture(failure);
            return BulkWindow.isBackPressure(failure) ? unmarked : change.get().thenCompose(done -> unmarked);
        });
    }

    /**
     * Returns whether {@code key} has not changed since a snapshot began. Must be called by the holder of the lease.
     *
     * @param age returns how long ago the snapshot began; empty if that is not known, and it is younger than marks last
     */
    public CompletableFuture<Boolean> isUnchanged(CacheKey key, Supplier<Optional<Duration>> age) {
        Duration most = longest.get();
        if (most.isZero()) {
            // Changes leave no marks.
            return CompletableFuture.completedFuture(false);
        }
        return redis.eval(NEWEST, List.of(mark(key.inRedis()), whole), List.of())
                .thenApply(ScriptReply::asLong)
                .thenApply(left -> {
                    Duration sinceChange = most.minusMillis(Math.max(0, left)).minus(MARGIN);
                    boolean isMarked = left >= 0;
                    // The age is taken now, after the reply: a snapshot must not look younger than it is.
                    return age.get().map(old -> old.compareTo(sinceChange) < 0).orElse(!isMarked);
                });
    }

    /** Returns the key of the mark, whose length does not grow with that of {@code redisKey}. */
    private String mark(String redisKey) {
        return whole + new String(LuaScript.sha1Hex(redisKey.getBytes(UTF_8)), US_ASCII);
    }
}
