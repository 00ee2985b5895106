package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where most sentinels say that the primary is. One that is cut off from the others may name a former primary.
 *
 * <p>It ends as soon as more than half of all sentinels name one address, or none is left to answer, or at
 * {@link #end}: then the address that most have named wins, of several the one that was named first, if enough have.
 *
 * <p>Thread-safe.
 */
final class SentinelVote {

    private final CompletableFuture<HostAndPort> winner = new CompletableFuture<>();
    private final int voters;
    private final int least;

    // Guarded by this.
    private final Map<HostAndPort, Integer> votes = new LinkedHashMap<>();
    private int answers;
    private @Nullable Throwable failure;

    /**
     * @param voters how many sentinels there are
     * @param least how many of them must name the winner
     */
    SentinelVote(int voters, int least) {
        this.voters = voters;
        this.least = least;
    }

    /** Completes when the vote ends. */
    CompletableFuture<HostAndPort> winner() {
        return winner;
    }

    /** A sentinel names {@code primary}. */
    void named(HostAndPort primary) {
        boolean over;
        synchronized (this) {
            answers++;
            over = votes.merge(primary, 1, Integer::sum) > voters / 2 || answers == voters;
        }
        if (over) {
            end();
        }
    }

    /** A sentinel does not answer, or does not know. */
    void failed(Throwable why) {
        boolean over;
        synchronized (this) {
            answers++;
            failure = failure == null ? why : failure;
            over = answers == voters;
        }
        if (over) {
            end();
        }
    }

    /** Ends the vote although some have not answered; fails if too few sentinels have named one address. */
    void end() {
        HostAndPort most = null;
        Throwable why;
        synchronized (this) {
            int best = least - 1;
            for (Map.Entry<HostAndPort, Integer> candidate : votes.entrySet()) {
                if (candidate.getValue() > best) {
                    most = candidate.getKey();
                    best = candidate.getValue();
                }
            }
            why = failure;
        }
        if (most != null) {
            winner.complete(most);
        } else {
            winner.completeExceptionally(new IllegalStateException(
                    why == null
                            ? "the sentinels name different addresses"
                            : "no sentinel returned the address: " + Failures.describe(why),
                    why));
        }
    }
}
