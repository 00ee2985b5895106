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
 * Lets requests of one subject share calls.
 *
 * <p>A request that finds no call for its subject under way is sent at once. Those that come while one is are sent together
 * when it has been answered: one call decides them all, in the order in which they came. So a hot subject costs Redis one
 * call for each round trip, however many ask.
 *
 * <p>Thread-safe.
 */
final class SubjectBatcher {

    private static final Duration LEAST = Duration.ofMillis(1);

    private final Counts counts;
    private final OutagePolicy outagePolicy;
    private final DenialCache refusals;
    private final Duration timeout;
    private final LongSupplier ticker;

    /** The subjects that have a call under way, and who waits for it to end. */
    private final ConcurrentHashMap<String, Batch> lines = new ConcurrentHashMap<>();

    SubjectBatcher(
            Counts counts, OutagePolicy outagePolicy, DenialCache refusals, Duration timeout, LongSupplier ticker) {
        this.counts = counts;
        this.outagePolicy = outagePolicy;
        this.refusals = refusals;
        this.timeout = timeout;
        this.ticker = ticker;
    }

    /** Decides in Redis: {@link SharedCount#take}. */
    @FunctionalInterface
    interface Counts {
        CompletableFuture<Count> take(String subject, int cost, int requests, Duration timeout);
    }

    /** How a request is sent: at once, as what others wait for or beside it, or later. */
    private enum Role {
        FIRST,
        BESIDE,
        WAITS
    }

    /** Requests of equal cost that are sent together. Guarded by the map while it is there. */
    private static final class Batch {
        private final List<CompletableFuture<Decision>> decisions = new ArrayList<>(2);
        private int cost;
        private long startedAt;
        private Role role = Role.FIRST;

        /** Takes the requests of {@code other} too, unless they cost something else; returns whether it has. */
        boolean take(Batch other) {
            if (decisions.isEmpty()) {
                cost = other.cost;
                startedAt = other.startedAt;
            }
            return cost == other.cost && decisions.addAll(other.decisions);
        }

        /** Returns the requests that no one has given up. */
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
        lines.compute(subject, (same, waiting) -> {
            if (waiting == null) {
                return new Batch();
            }
            own.role = waiting.take(own) ? Role.WAITS : Role.BESIDE;
            return waiting;
        });
        if (own.role != Role.WAITS) {
            send(subject, own, own.role == Role.FIRST);
        }
        return decision;
    }

    /** Sends {@code batch}, for whose end others wait if it {@code leads}. Never throws: whatever is thrown ends them all. */
    private void send(String subject, Batch batch, boolean leads) {
        try {
            List<CompletableFuture<Decision>> open = batch.open();
            DenialCache.Mark asked = refusals.mark();
            // A caller that has waited for another call has less time left for its own.
            Duration left = timeout.minusNanos(asked.nanos() - batch.startedAt);
            counts.take(subject, batch.cost, open.size(), left.compareTo(LEAST) < 0 ? LEAST : left)
                    .whenComplete((count, thrown) -> {
                        if (count == null) {
                            fail(subject, batch, leads, thrown);
                        } else {
                            settle(subject, batch, leads, count, asked);
                        }
                    });
        } catch (Throwable e) { // An Error too: nothing is under way now that would end the line.
            fail(subject, batch, leads, e);
        }
    }

    private void settle(String subject, Batch batch, boolean leads, Count count, DenialCache.Mark asked) {
        boolean stillLeads = leads;
        try {
            refusals.remember(subject, count, asked);
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
        } catch (Throwable e) { // No one else would see it.
            fail(subject, batch, stillLeads, e);
        }
    }

    /** Returns those that have waited, who have the line from now on; ends the line if there are none. */
    private Batch next(String subject) {
        Batch next = new Batch();
        lines.compute(subject, (same, waiting) -> waiting != null && next.take(waiting) ? new Batch() : null);
        return next;
    }

    private void fail(String subject, Batch batch, boolean leads, @Nullable Throwable thrown) {
        Throwable cause = thrown == null ? new IllegalStateException("no answer and no failure") : thrown;
        // Those behind it would fare no better, and have waited already.
        Batch behind = leads ? lines.remove(subject) : null;
        end(subject, batch, cause);
        if (behind != null) {
            end(subject, behind, cause);
        }
    }

    /** Ends each request by the rule for an outage, or with {@code cause} if that is none. */
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
