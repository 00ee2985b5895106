package dev.forge.redis;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.deletion.DeletionTerms;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A deletion by pattern that has not started yet: for real or as a dry run, in one go or in parts.
 *
 * <pre>{@code
 * DeletionReport would = redis.deletion(profiles, KeyPattern.of("{}:*", tenant)).dryRun().startSync();
 * }</pre>
 *
 * <p>Every matching key that exists from the start to the end, within one piece of the namespace, is gone afterwards.
 * No other key is touched. A key that is created or removed meanwhile may or may not be deleted.
 *
 * <p>Keys are found by {@code SCAN} and removed by {@code UNLINK}, in pages of about three quarters of a millisecond of
 * server time, so that other clients hardly notice. On a cluster at most eight primaries are scanned in parallel, and
 * again if slots or servers changed meanwhile. Redis itself notifies processes of removed keys that their near caches
 * hold; nothing is sent for other keys.
 *
 * <p>When Redis becomes unavailable the deletion fails, and what was removed stays removed: starting again does the
 * rest. Cancelling the result stops the deletion after the current pages.
 *
 * <p>Immutable and thread-safe.
 */
public final class PatternDeletion {

    private final RedisCore core;
    private final Keyspace keyspace;
    private final KeyPattern pattern;
    private final DeletionTerms terms;

    PatternDeletion(RedisCore core, Keyspace keyspace, KeyPattern pattern) {
        this(core, keyspace, pattern, DeletionTerms.PLAIN);
    }

    private PatternDeletion(RedisCore core, Keyspace keyspace, KeyPattern pattern, DeletionTerms terms) {
        this.core = core;
        this.keyspace = keyspace;
        this.pattern = pattern;
        this.terms = terms;
    }

    /** Counts and samples, and removes nothing. A key may be counted twice while the server resizes its tables. */
    public PatternDeletion dryRun() {
        return with(new DeletionTerms(true, terms.budget(), terms.resumePoint()));
    }

    /**
     * Stops after {@code budget}, but not before one page of each primary.
     *
     * @throws IllegalArgumentException if {@code budget} is not positive
     */
    public PatternDeletion budget(Duration budget) {
        if (requireNonNull(budget, "budget").isNegative() || budget.isZero()) {
            throw new IllegalArgumentException("budget must be positive, but was " + budget);
        }
        return with(new DeletionTerms(terms.dryRun(), budget, terms.resumePoint()));
    }

    /**
     * Resumes at the {@link DeletionReport#resumePoint()} of an earlier deletion by the same pattern.
     *
     * <p>All parts together keep the guarantee of one deletion: a key that exists from the start of the first part to
     * the end of the last is gone. So the deletion starts over if a server was restarted or slots have moved since.
     */
    public PatternDeletion resumeFrom(String resumePoint) {
        return with(new DeletionTerms(terms.dryRun(), terms.budget(), requireNonNull(resumePoint, "resumePoint")));
    }

    /**
     * Starts the deletion; returns what it did.
     *
     * @throws IllegalArgumentException if the resume point is not valid, or belongs to another pattern
     */
    public CompletableFuture<DeletionReport> startAsync() {
        return CallerFuture.of(core.delete(keyspace, pattern, terms));
    }

    /** Blocking variant of {@link #startAsync()}. */
    public DeletionReport startSync() {
        return core.await("deletion", this::startAsync);
    }

    private PatternDeletion with(DeletionTerms changed) {
        return new PatternDeletion(core, keyspace, pattern, changed);
    }
}
