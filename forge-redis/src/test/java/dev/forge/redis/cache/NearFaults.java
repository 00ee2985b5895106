package dev.forge.redis.cache;

import dev.forge.redis.Promises;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import dev.forge.redis.test.FaultProxy.Direction;
import java.time.Duration;
import java.util.Random;

/** Injects faults, one after the other. */
final class NearFaults {

    private final EmbeddedRedis server;
    private final FaultProxy proxy;
    private final Versions[] versions;
    private final Duration bound;
    private final Random random;

    /** @param bound the bound on staleness under test; about half of the faults last longer */
    NearFaults(EmbeddedRedis server, FaultProxy proxy, Versions[] versions, Duration bound, Random random) {
        this.server = server;
        this.proxy = proxy;
        this.versions = versions;
        this.bound = bound;
        this.random = random;
    }

    private enum Kind {
        REPLIES_LOST,
        FLUSH,
        RESET,
        FROZEN,
        REPLIES_LATE,
        KILLED_BY_NAME,
        BLACK_HOLE,
        DEAD,
        REQUESTS_LOST,
        BUSY,
        UNRESPONSIVE_FOR_EVER,
        TABLE_FULL,
        SLOW
    }

    /** Injects one fault, ends it after a while, and then waits without faults for a while. */
    void next(int number) {
        switch (Kind.values()[number % Kind.values().length]) {
            case REPLIES_LOST -> whileItLasts(proxy::dropReplies, proxy::heal);
            case REQUESTS_LOST -> whileItLasts(proxy::dropRequests, proxy::heal);
            case BLACK_HOLE -> whileItLasts(proxy::blackHole, proxy::heal);
            case REPLIES_LATE -> whileItLasts(() -> proxy.stall(Direction.REPLIES), proxy::heal);
            case SLOW -> whileItLasts(() -> proxy.jitter(Duration.ZERO, bound, random.nextLong()), proxy::heal);
            case FROZEN -> whileItLasts(server::freeze, server::thaw);
            case RESET -> proxy.reset();
            case UNRESPONSIVE_FOR_EVER -> proxy.blackHoleOpenConnections();
            case KILLED_BY_NAME -> server.command("CLIENT", "KILL", "TYPE", "normal");
            case BUSY ->
                server.command(
                        "DEBUG", "SLEEP", String.valueOf(Math.min(1.2, lasting().toMillis() / 1000.0)));
            case TABLE_FULL -> {
                server.command("CONFIG", "SET", "tracking-table-max-keys", "1");
                Promises.pause(lasting());
                server.command("CONFIG", "SET", "tracking-table-max-keys", "1000000");
            }
            case FLUSH -> {
                wipe(() -> server.command("FLUSHALL"));
                // Longer than the bound, so that a reader that missed the invalidation violates it. The next fault
                // would end the trust in earlier reads.
                Promises.pause(bound.multipliedBy(130).dividedBy(100));
            }
            case DEAD ->
                wipe(() -> {
                    server.kill();
                    server.restart();
                });
        }
        Promises.pause(Duration.ofMillis(50 + random.nextInt(150)));
    }

    private void whileItLasts(Runnable fault, Runnable end) {
        fault.run();
        Promises.pause(lasting());
        end.run();
    }

    /** Returns a random duration: about half are shorter than the bound, half are longer. */
    private Duration lasting() {
        return bound.multipliedBy(20 + random.nextInt(180)).dividedBy(100);
    }

    private void wipe(Runnable fault) {
        int[] acknowledged = new int[versions.length];
        for (int i = 0; i < versions.length; i++) {
            versions[i].wipe();
            acknowledged[i] = versions[i].acknowledged();
        }
        fault.run();
        for (int i = 0; i < versions.length; i++) {
            versions[i].wiped(acknowledged[i]);
        }
    }
}
