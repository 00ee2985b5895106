package dev.forge.redis.ratelimit;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.key.RedisKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Limits the rate of requests of each subject (a user, an address, an API key), across processes.
 *
 * <p>All processes with the same Redis, name, algorithm and period share one count. Several limits make one decision: a
 * request takes permits of all of them, or of none. A denied request takes nothing: it does not delay the time at which
 * the next one is allowed. A decision takes at most one round trip; concurrent requests of one subject share the next
 * call.
 *
 * <p>Time is the clock of Redis, in microseconds, or milliseconds for a fixed window. If that clock jumps, back or
 * forward, a subject is denied for at most one period too long, or allowed the limit once more.
 *
 * <p>The number of permits may change while counts exist, even while old and new processes run side by side. Permits
 * already taken still count, and together the processes allow no more than the larger limit.
 *
 * <p>When Redis is unavailable, or does not answer within the {@link #withTimeout timeout} (250 ms), the
 * {@link OnOutage} rule decides, and {@link Decision#basis()} says so. A request that was sent but not answered may
 * have been counted: the count may then be too high by that request, but never too low.
 *
 * <p>A denial is remembered in this process until its {@code retryAfter}, for at most a minute, and repeated meanwhile
 * without asking Redis. That is exact, except that a {@link #reset} by another process or limiter object is not seen.
 * {@link #withDenialCache(boolean)} switches it off. It takes at most a few MB of memory.
 *
 * <p>Redis stores one key for each limit and each subject with permits in use. The key expires once all of them are
 * free again; {@link Algorithm} says how large it can be. It holds a hash of the subject, which hides subjects that
 * cannot be guessed.
 *
 * <p>Each operation has a blocking variant, and a non-blocking one whose name ends in {@code Async}.
 *
 * <p>Thread-safe.
 */
public final class RateLimiter {

    private static final int LONGEST_SUBJECT = 4096;

    private final RedisCore redis;
    private final SharedCount counts;
    private final LimiterSettings settings;
    private final int mostCost;
    private final OutagePolicy outagePolicy;
    private final DenialCache denials;
    private final SubjectBatcher batcher;
    private final String givenName;
    private final String operation;

    private RateLimiter(RedisCore redis, SharedCount counts, LimiterSettings settings) {
        this.redis = redis;
        this.counts = counts;
        this.settings = settings;
        this.mostCost = counts.limits().stream().mapToInt(Limit::permits).min().orElseThrow();
        this.outagePolicy = new OutagePolicy(counts.name(), counts.limits(), settings, System::nanoTime);
        this.givenName = counts.givenName();
        this.operation = "rate limit " + counts.name();
        this.denials = new DenialCache(System::nanoTime);
        this.batcher = new SubjectBatcher(counts::take, outagePolicy, denials, settings.timeout(), System::nanoTime);
    }

    /** Returns a limiter by {@link Algorithm#SLIDING_WINDOW} that keeps its counts under {@code name}. */
    public static RateLimiter slidingWindow(RedisManager redis, String name, Limit limit, Limit... more) {
        return of(redis, name, Algorithm.SLIDING_WINDOW, all(limit, more));
    }

    /** Returns a limiter by {@link Algorithm#TOKEN_BUCKET} that keeps its counts under {@code name}. */
    public static RateLimiter tokenBucket(RedisManager redis, String name, Limit limit, Limit... more) {
        return of(redis, name, Algorithm.TOKEN_BUCKET, all(limit, more));
    }

    /** Returns a limiter by {@link Algorithm#FIXED_WINDOW} that keeps its counts under {@code name}. */
    public static RateLimiter fixedWindow(RedisManager redis, String name, Limit limit, Limit... more) {
        return of(redis, name, Algorithm.FIXED_WINDOW, all(limit, more));
    }

    /**
     * Returns a limiter by {@code algorithm} that keeps its counts under {@code name}, and allows all requests while
     * Redis is unavailable.
     *
     * @param name words of letters, digits, {@code -}, {@code _} and {@code .}, joined by single colons
     * @param limits one or several, of different periods
     * @throws IllegalArgumentException if two limits have the same period, or a token bucket has more than one
     *     permit per microsecond
     */
    public static RateLimiter of(RedisManager redis, String name, Algorithm algorithm, List<Limit> limits) {
        RedisCore own = CoreAccess.coreOf(requireNonNull(redis, "redis"));
        SharedCount counts = new SharedCount(own, name, algorithm, checked(algorithm, limits));
        return new RateLimiter(own, counts, LimiterSettings.defaults());
    }

    /** Returns this limiter with another rule for outages of Redis. The default is {@link OnOutage#ALLOW}. */
    public RateLimiter withOnOutage(OnOutage onOutage) {
        return with(settings.withOnOutage(onOutage));
    }

    /**
     * Returns this limiter for a service of {@code instances} processes, from 1 to 1,000,000, which share the limit in
     * an outage by {@link OnOutage#LOCAL_SHARE}. The default is 1.
     */
    public RateLimiter withInstances(int instances) {
        return with(settings.withInstances(instances));
    }

    /**
     * Returns this limiter with another timeout for Redis, from 1 ms to an hour. The default is 250 ms; a wait ends at
     * most 50 ms late. {@code REDIS_SOCKET_TIMEOUT} applies if it is shorter.
     */
    public RateLimiter withTimeout(Duration timeout) {
        return with(settings.withTimeout(timeout));
    }

    /** Returns this limiter with or without its cache of denials in this process. By default it has one. */
    public RateLimiter withDenialCache(boolean enabled) {
        return with(settings.withDenialCache(enabled));
    }

    /**
     * Returns this limiter for a limit that is only tried out: its caller lets denied requests proceed. This changes no
     * decision, but an observer gets a denial as {@code shadow_denied}, so that it does not count as a denial.
     */
    public RateLimiter withShadowMode(boolean shadowMode) {
        return with(settings.withShadowMode(shadowMode));
    }

    /** Returns the limits. */
    public List<Limit> limits() {
        return counts.limits();
    }

    /** Takes one permit for {@code subject} if one is free; never waits for a permit. */
    public Decision tryAcquire(String subject) {
        return tryAcquire(subject, 1);
    }

    /** Non-blocking variant of {@link #tryAcquire(String)}. */
    public CompletableFuture<Decision> tryAcquireAsync(String subject) {
        return tryAcquireAsync(subject, 1);
    }

    /**
     * Takes {@code cost} permits for {@code subject} if that many are free, or none; never waits for permits.
     *
     * @param subject from 1 to 4,096 characters of valid Unicode; different subjects are counted separately
     * @throws IllegalArgumentException if {@code cost} is below 1 or above the smallest limit, or the subject is
     *     not valid
     */
    public Decision tryAcquire(String subject, int cost) {
        Decision remembered = remembered(subject, cost);
        return observed(remembered != null ? remembered : await(() -> batcher.decide(subject, cost)));
    }

    /** Non-blocking variant of {@link #tryAcquire(String, int)}. */
    public CompletableFuture<Decision> tryAcquireAsync(String subject, int cost) {
        Decision remembered = remembered(subject, cost);
        if (remembered != null) {
            return CompletableFuture.completedFuture(observed(remembered));
        }
        CompletableFuture<Decision> decided = batcher.decide(subject, cost);
        if (redis.observers().isSet()) {
            decided.thenAccept(this::observed);
        }
        return CallerFuture.of(decided);
    }

    /** Returns what {@link #tryAcquire(String)} would return now, and takes nothing. Always asks Redis. */
    public Decision peek(String subject) {
        return await(() -> peekAsync(subject));
    }

    /** Non-blocking variant of {@link #peek}. */
    public CompletableFuture<Decision> peekAsync(String subject) {
        check(subject);
        return CallerFuture.of(counts.take(subject, 1, 0, settings.timeout())
                .thenApply(Count::next)
                .exceptionally(thrown -> outagePolicy.decide(subject, 1, false, thrown)));
    }

    /**
     * Frees all permits of {@code subject}. Other processes and limiter objects may remember a denial for up to a
     * minute.
     *
     * <p>When Redis is unavailable this fails with a {@link dev.forge.redis.failure.RedisFailure}.
     */
    public void reset(String subject) {
        await(() -> resetAsync(subject));
    }

    /** Non-blocking variant of {@link #reset}. */
    public CompletableFuture<Void> resetAsync(String subject) {
        check(subject);
        return CallerFuture.of(counts.forget(subject).thenAccept(removed -> denials.forget(subject)));
    }

    private @Nullable Decision remembered(String subject, int cost) {
        check(subject);
        if (cost < 1 || cost > mostCost) {
            throw new IllegalArgumentException("cost must be from 1 to " + mostCost + ", but was " + cost);
        }
        return settings.denialCache() ? denials.find(subject, cost) : null;
    }

    /** Notifies the observer, if there is one, of {@code decision}, and returns it. */
    private Decision observed(Decision decision) {
        if (redis.observers().isSet()) {
            String denied = settings.shadowMode() ? "shadow_denied" : "denied";
            redis.observers()
                    .rateLimited(givenName, decision.isAllowed() ? "allowed" : denied, basis(decision.basis()));
        }
        return decision;
    }

    /** Returns the name of {@code basis} as an observer gets it. */
    private static String basis(Decision.Basis basis) {
        return switch (basis) {
            case COUNT -> "count";
            case REMEMBERED -> "remembered";
            case OUTAGE -> "outage";
            case LOCAL_SHARE -> "local_share";
        };
    }

    private RateLimiter with(LimiterSettings changed) {
        return new RateLimiter(redis, counts, changed);
    }

    private <T> T await(Supplier<CompletableFuture<T>> call) {
        return redis.awaitFirst(operation, call);
    }

    private static List<Limit> all(Limit limit, Limit... more) {
        return Stream.concat(Stream.of(limit), Stream.of(more)).toList();
    }

    private static List<Limit> checked(Algorithm algorithm, List<Limit> limits) {
        Set<Long> periods = new HashSet<>();
        for (Limit limit : limits) {
            if (!periods.add(limit.periodMicros())) {
                throw new IllegalArgumentException(
                        "limits must have different periods in whole microseconds, but two have " + limit.periodMicros()
                                + " us");
            }
            if (algorithm == Algorithm.TOKEN_BUCKET && limit.permits() > limit.periodMicros()) {
                throw new IllegalArgumentException(
                        "limit must be at most one permit per microsecond for a token bucket, but was " + limit);
            }
        }
        if (periods.isEmpty()) {
            throw new IllegalArgumentException("limits must not be empty");
        }
        return List.copyOf(limits);
    }

    private static void check(String subject) {
        if (requireNonNull(subject, "subject").isEmpty() || subject.length() > LONGEST_SUBJECT) {
            throw new IllegalArgumentException(
                    "subject must have from 1 to " + LONGEST_SUBJECT + " characters, but has " + subject.length());
        }
        if (!RedisKey.isUnicode(subject)) {
            // In UTF-8 it would equal other subjects, and share their count.
            throw new IllegalArgumentException("subject must be valid Unicode, but holds half of a surrogate pair");
        }
    }
}
