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
 * A deletion by pattern that is about to be started: for real or to see what it would remove, at once or in parts.
 *
 * <pre>{@code
 * DeletionReport would = redis.deletion(profiles, KeyPattern.of("{}:*", tenant)).dryRun().startSync();
 * }</pre>
 *
 * <p>Every key that is there from the start to the end, and stays in one piece of the namespace, is gone afterwards, and no
 * key that does not match is touched; one that comes or goes meanwhile may or may not be removed. The keys are found by
 * {@code SCAN} and removed by {@code UNLINK} in pages of about three quarters of a millisecond of the server's time, so that others hardly
 * notice. On a cluster the primaries are gone through side by side, at most eight at a time, and again if slots or servers
 * changed meanwhile. A process that holds some of the keys in a near cache is told by Redis itself, key by key, of those that
 * it holds; nothing is sent for the others.
 *
 * <p>If Redis becomes unavailable the deletion fails, and what has been removed stays removed: starting again does the rest.
 * Cancelling the result stops it after the pages at hand.
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

    /** Only counts, and takes a sample: nothing is removed. A key may be counted twice while the server reorders its keys. */
    public PatternDeletion dryRun() {
        return with(new DeletionTerms(true, terms.budget(), terms.resumePoint()));
    }

    /**
     * Stops after {@code budget}, and at the earliest after one page of each primary.
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
     * Goes on where a report of the same pattern has stopped, as {@link DeletionReport#resumePoint()} says.
     *
     * <p>All parts together keep the promise of one deletion: what was there from the start of the first to the end of the
     * last is gone. So it begins anew if a server was started anew or slots have moved since.
     */
    public PatternDeletion resumeFrom(String resumePoint) {
        return with(new DeletionTerms(terms.dryRun(), terms.budget(), requireNonNull(resumePoint, "resumePoint")));
    }

    /**
     * Starts; the result is what was done.
     *
     * @throws IllegalArgumentException if the resume point is none, or of another pattern
     */
    public CompletableFuture<DeletionReport> startAsync() {
        return CallerFuture.of(core.delete(keyspace, pattern, terms));
    }

    /** Does what {@link #startAsync()} does, and blocks until it has ended. */
    public DeletionReport startSync() {
        return core.await("deletion", this::startAsync);
    }

    private PatternDeletion with(DeletionTerms changed) {
        return new PatternDeletion(core, keyspace, pattern, changed);
    }
}
