package dev.forge.redis.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent requests of one subject share calls to Redis.
 *
 * <p>A request is sent at once if no call for its subject is under way. Requests that come meanwhile wait, and are sent
 * together after that call: one call decides them all, in the order in which they came. So a hot subject costs Redis
 * one call for each round trip, however many requests there are. A request whose cost differs from that of the waiting
 * ones is sent at once.
 *
 * <pre>
 *           request: sent             request: waits
 *   IDLE --------------------> SENT --------------------> SENT, others wait
 *    ^                         |  ^                         |           |
 *    |------- answered --------'  '- answered: others sent -'           |
 *    |                         |                                        |
 *    '- failed ----------------+----------------------------------------'
 *       the outage rule decides all of them
 * </pre>
 *
 * <p>Thread-safe.
 */
final class SubjectBatcher {

    private static final Duration LEAST = Duration.ofMillis(1);

    // Never changed: the first request to wait takes another one.
    private static final Batch NONE_WAITING = new Batch();

    private final Counts counts;
    private final OutagePolicy outagePolicy;
    private final DenialCache denials;
    private final Duration timeout;
    private final LongSupplier ticker;

    /** For each subject with a call under way, the requests that wait for it to end. */
    private final ConcurrentHashMap<String, Batch> waiters = new ConcurrentHashMap<>();

    SubjectBatcher(
            Counts counts, OutagePolicy outagePolicy, DenialCache denials, Duration timeout, LongSupplier ticker) {
        this.counts = counts;
        this.outagePolicy = outagePolicy;
        this.denials = denials;
        this.timeout = timeout;
        this.ticker = ticker;
    }

    /** Decides in Redis: {@link SharedCount#take}. */
    @FunctionalInterface
    interface Counts {
        CompletableFuture<Count> take(String subject, int cost, int requests, Duration timeout);
    }

    /** How a request is sent: at once, as the call that others wait for or beside it, or with the waiters. */
    private enum Role {
        FIRST,
        BESIDE,
        WAITS
    }

    /** Requests of equal cost that are sent together. Guarded by the map while it is a value there. */
    private static final class Batch {
        private final List<CompletableFuture<Decision>> decisions = new ArrayList<>(2);
        private int cost;
        private long startedAt;
        private Role role = Role.FIRST;

        /** Adds the requests of {@code other} if their cost is the same; returns whether they were added. */
        boolean addAll(Batch other) {
            if (decisions.isEmpty()) {
                cost = other.cost;
                startedAt = other.startedAt;
            }
            return cost == other.cost && decisions.addAll(other.decisions);
        }

        /** Removes requests that are done, such as cancelled ones; returns the others. */
        List<CompletableFuture<Decision>> open() {
            decisions.removeIf(CompletableFuture::isDone);
            return decisions;
        }
    }

    CompletableFuture<Decision> decide(String subject, int cost) {
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        Batch own = new Batch();
        own.cost = cost;
        own.startedAt = ticker.getAsLong();
        own.decisions.add(decision);
        if (waiters.putIfAbsent(subject, NONE_WAITING) != null) {
            join(subject, own);
        }
        if (own.role != Role.WAITS) {
            send(subject, own, own.role == Role.FIRST);
        }
        return decision;
    }

    /** Lets {@code own} wait for the call that is under way, unless that has ended. */
    private void join(String subject, Batch own) {
        waiters.merge(subject, NONE_WAITING, (waiting, none) -> {
            Batch joined = waiting == none ? new Batch() : waiting;
            own.role = joined.addAll(own) ? Role.WAITS : Role.BESIDE;
            return joined;
        });
    }

    /** Sends {@code batch}, for which others wait if it {@code leads}. Never throws: a throwable ends all of them. */
    private void send(String subject, Batch batch, boolean leads) {
        try {
            List<CompletableFuture<Decision>> open = batch.open();
            DenialCache.Mark asked = denials.mark();
            // A request that waited for another call has less time left for its own.
            Duration left = timeout.minusNanos(asked.nanos() - batch.startedAt);
            counts.take(subject, batch.cost, open.size(), left.compareTo(LEAST) < 0 ? LEAST : left)
                    .whenComplete((count, thrown) -> {
                        if (count == null) {
                            fail(subject, batch, leads, thrown);
                        } else {
                            settle(subject, batch, leads, count, asked);
                        }
                    });
        } catch (Throwable e) { // An Error too: no call is under way now that would end the waiters.
            fail(subject, batch, leads, e);
        }
    }

    private void settle(String subject, Batch batch, boolean leads, Count count, DenialCache.Mark asked) {
        boolean stillLeads = leads;
        try {
            denials.remember(subject, count, asked);
            outagePolicy.ended();
            if (leads) {
                Batch next = next(subject);
                stillLeads = false;
                if (!next.decisions.isEmpty()) {
                    send(subject, next, true);
                }
            }
            for (int i = 0; i < batch.decisions.size(); i++) {
                batch.decisions.get(i).complete(count.decision(i));
            }
        } catch (Throwable e) { // The future that runs this callback would swallow it.
            fail(subject, batch, stillLeads, e);
        }
    }

    /** Returns the waiters, which lead from now on; forgets the subject if there are none. */
    private Batch next(String subject) {
        if (waiters.remove(subject, NONE_WAITING)) {
            return NONE_WAITING;
        }
        Batch next = new Batch();
        waiters.computeIfPresent(subject, (same, waiting) -> next.addAll(waiting) ? NONE_WAITING : null);
        return next;
    }

    private void fail(String subject, Batch batch, boolean leads, @Nullable Throwable thrown) {
        Throwable cause = thrown == null ? new IllegalStateException("no answer and no failure") : thrown;
        // A call for the waiters would most likely fail too, and they have waited already.
        Batch waiting = leads ? waiters.remove(subject) : null;
        end(subject, batch, cause);
        if (waiting != null) {
            end(subject, waiting, cause);
        }
    }

    /** Decides each request by the rule for an outage, or fails it with {@code cause} if that is not an outage. */
    private void end(String subject, Batch batch, Throwable cause) {
        for (CompletableFuture<Decision> request : batch.open()) {
            try {
                request.complete(outagePolicy.decide(subject, batch.cost, true, cause));
            } catch (Throwable e) { // Such as from a log that cannot be written.
                request.completeExceptionally(e instanceof CompletionException ? cause : e);
            }
        }
    }
}
