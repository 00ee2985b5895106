package dev.forge.redis.internal.route;

import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** Nodes that no connection can be made to. */
final class UnreachableNode {

    private UnreachableNode() {}

    static RedisNode at(String address, Scheduler scheduler) {
        return new RedisNode(
                address,
                patience -> CompletableFuture.failedFuture(new IllegalStateException("nothing is there")),
                Duration.ofSeconds(1),
                1,
                scheduler,
                () -> {},
                new LongAdder());
    }
}
