package dev.forge.redis.ratelimit;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What is asked of the count of one subject, and the answer to come. */
final class Check extends CompletableFuture<Count> {

    private final List<String> keys;
    private final int cost;
    private final int requests;

    /**
     * @param keys of its subject, one for each limit
     * @param cost permits that one request asks for
     * @param requests how many are decided, one after the other; none only looks
     */
    Check(List<String> keys, int cost, int requests) {
        this.keys = keys;
        this.cost = cost;
        this.requests = requests;
    }

    List<String> keys() {
        return keys;
    }

    int cost() {
        return cost;
    }

    int requests() {
        return requests;
    }
}
