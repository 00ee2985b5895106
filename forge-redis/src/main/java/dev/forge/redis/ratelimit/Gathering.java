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
final class Gathering {

    private static final Duration LEAST = Duration.ofMillis(1);

    private final SharedCount counts;
    private final WithoutRedis withoutRedis;
    private final Refusals refusals;
    private final Duration timeout;
    private final LongSupplier ticker;

    /** The subjects that have a call under way, and who waits for it to end. */
    private final ConcurrentHashMap<String, Batch> lines = new ConcurrentHashMap<>();

    Gathering(SharedCount counts, WithoutRedis withoutRedis, Refusals refusals, Duration timeout, LongSupplier ticker) {
        this.counts = counts;
        this.withoutRedis = withoutRedis;
        this.refusals = refusals;
        this.timeout = timeout;
        this.ticker = ticker;
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

        /** Returns the requests that nobody has given up. */
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

    private void send(String subject, Batch batch, boolean first) {
        List<CompletableFuture<Decision>> open = batch.open();
        Refusals.Mark asked = refusals.mark();
        // Whoever has waited for another call has less time left for its own.
        Duration left = timeout.minusNanos(asked.nanos() - batch.startedAt);
        counts.take(subject, batch.cost, open.size(), left.compareTo(LEAST) < 0 ? LEAST : left)
                .whenComplete((count, thrown) -> {
                    if (count == null) {
                        // Those behind it would fare no better, and have waited already.
                        Batch behind = first ? lines.remove(subject) : null;
                        fail(subject, batch.cost, open, thrown);
                        if (behind != null) {
                            fail(subject, behind.cost, behind.open(), thrown);
                        }
                        return;
                    }
                    refusals.remember(subject, count, asked);
                    if (first) {
                        sendNext(subject);
                    }
                    withoutRedis.ended();
                    for (int i = 0; i < open.size(); i++) {
                        open.get(i).complete(count.decision(i));
                    }
                });
    }

    private void sendNext(String subject) {
        Batch next = new Batch();
        lines.compute(subject, (same, waiting) -> waiting != null && next.take(waiting) ? new Batch() : null);
        if (!next.decisions.isEmpty()) {
            send(subject, next, true);
        }
    }

    private void fail(
            String subject, int cost, List<CompletableFuture<Decision>> requests, @Nullable Throwable thrown) {
        Throwable cause = thrown == null ? new IllegalStateException("no answer and no failure") : thrown;
        for (CompletableFuture<Decision> request : requests) {
            try {
                request.complete(withoutRedis.decide(subject, cost, true, cause));
            } catch (CompletionException e) {
                request.completeExceptionally(cause);
            }
        }
    }
}
