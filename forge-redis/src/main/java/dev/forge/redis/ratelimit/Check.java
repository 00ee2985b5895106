package dev.forge.redis.ratelimit;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Requests of one subject to decide against its count, and the future of the result. */
final class Check extends CompletableFuture<Count> {

    private final List<String> keys;
    private final int cost;
    private final int requests;

    /**
     * @param keys the keys of the subject, one for each limit
     * @param cost the permits that each request takes
     * @param requests how many requests to decide, in order; 0 takes nothing and only reads
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
