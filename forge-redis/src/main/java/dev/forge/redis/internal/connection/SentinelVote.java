package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.tls.ExplainedException;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where most sentinels say that the primary is. One that is cut off from the others may name a former primary.
 *
 * <p>It ends as soon as more than half of all sentinels name one address, or none is left to answer, or at {@link
 * #end}: then the address that most have named wins (of several such, the one named first), if enough have named it.
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
    private final Map<String, String> reasons = new TreeMap<>();
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

    /** {@code sentinel} does not answer, or does not know. A refusal says more than the others. */
    void failed(HostAndPort sentinel, Throwable why) {
        boolean over;
        synchronized (this) {
            answers++;
            reasons.put(sentinel.toString(), described(why));
            failure = failure == null || isRefusal(why) ? why : failure;
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
        String text;
        synchronized (this) {
            int best = least - 1;
            for (Map.Entry<HostAndPort, Integer> candidate : votes.entrySet()) {
                if (candidate.getValue() > best) {
                    most = candidate.getKey();
                    best = candidate.getValue();
                }
            }
            why = failure;
            text = text();
        }
        if (most != null) {
            winner.complete(most);
        } else if (why != null && Failures.connecting("", why) instanceof RedisRefusedException refused) {
            // Its own message names the sentinel as if that were the server.
            winner.completeExceptionally(new RedisRefusedException(refused.reason(), text, refused));
        } else {
            winner.completeExceptionally(new ExplainedException(text, why));
        }
    }

    private String text() {
        String named =
                votes.isEmpty() ? "no sentinel has named the primary" : "the sentinels do not agree on the primary";
        return reasons.isEmpty()
                ? named
                : reasons.entrySet().stream()
                        .map(reason -> reason.getKey() + ": " + reason.getValue())
                        .collect(Collectors.joining("; ", named + ": ", ""));
    }

    private static String described(Throwable why) {
        // In full: it may say what to do.
        return Failures.connecting("", why) instanceof RedisRefusedException refused
                ? refused.text()
                : Failures.describe(why);
    }

    private static boolean isRefusal(Throwable why) {
        return Failures.connecting("", why) instanceof RedisRefusedException;
    }
}
