package dev.forge.torture.fault;

import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisSentinels;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A primary and a replica under three sentinels, each behind a proxy, so that faults can hit one connection path. */
public final class SentinelStage implements Stage {

    // Sentinels that stood still for 2 s start no failover for 30 s.
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration FAILOVER = Duration.ofSeconds(2);
    private static final Duration FROZEN_FAILOVER = Duration.ofSeconds(4);

    private final EmbeddedRedisSentinels servers = EmbeddedRedisSentinels.builder()
            .downAfter(Duration.ofMillis(500))
            .behindProxies()
            .start();

    /** Delay each way, with which the primary still answers the sentinels in time. */
    private static final int MOST_LATENCY_MILLIS = 150;

    private @Nullable EmbeddedRedis victim;

    /** Starts all; blocks for a few seconds. */
    public SentinelStage() {}

    @Override
    public RedisSettings settings() {
        return RedisSettings.of(servers.url());
    }

    @Override
    public void begin(Fault fault) {
        EmbeddedRedis primary = servers.primary();
        victim = primary;
        switch (fault.kind()) {
            case SENTINEL_FAILOVER -> servers.failOver();
            case SENTINEL_KILL_PRIMARY -> {
                primary.kill();
                servers.awaitPrimaryOtherThan(primary, PATIENCE);
            }
            case SENTINEL_FREEZE_PRIMARY -> {
                primary.freeze();
                servers.awaitPrimaryOtherThan(primary, PATIENCE);
            }
            case SENTINELS_DOWN -> servers.sentinels().forEach(EmbeddedRedis::freeze);
            case SENTINEL_KILL_CLIENTS -> primary.command("CLIENT", "KILL", "TYPE", "normal");
            case SENTINEL_PAUSE -> primary.command("CLIENT", "PAUSE", Integer.toString(fault.millis()), "ALL");
            case SENTINEL_DEAF -> servers.proxyOf(sentinel(fault)).blackHole();
            case SENTINEL_LINK_SLOW ->
                servers.proxyOf(primary).latency(Duration.ofMillis(fault.amount() * MOST_LATENCY_MILLIS / 1_000));
            case SENTINEL_CUT_PRIMARY -> {
                servers.proxyOf(primary).blackHole();
                servers.awaitPrimaryOtherThan(primary, PATIENCE);
            }
            default -> throw new IllegalArgumentException(fault.kind() + " does not happen with sentinels");
        }
    }

    @Override
    public void end(Fault fault) {
        EmbeddedRedis old = victim;
        if (old == null) {
            return;
        }
        switch (fault.kind()) {
            case SENTINEL_KILL_PRIMARY -> {
                old.restart();
                servers.demote(old);
            }
            case SENTINEL_FREEZE_PRIMARY -> {
                old.thaw();
                servers.demote(old);
            }
            case SENTINELS_DOWN -> servers.sentinels().forEach(EmbeddedRedis::thaw);
            case SENTINEL_PAUSE -> old.command("CLIENT", "UNPAUSE");
            case SENTINEL_DEAF -> servers.proxyOf(sentinel(fault)).heal();
            case SENTINEL_LINK_SLOW -> servers.proxyOf(old).heal();
            case SENTINEL_CUT_PRIMARY -> {
                servers.proxyOf(old).heal();
                servers.demote(old);
            }
            default -> {
                // Ends by itself.
            }
        }
    }

    @Override
    public void awaitReady() {
        servers.awaitReady(PATIENCE);
    }

    @Override
    public EmbeddedRedis serverOf(String key) {
        return servers.primary();
    }

    @Override
    public Duration recovery(FaultKind kind) {
        return kind == FaultKind.SENTINEL_FREEZE_PRIMARY || kind == FaultKind.SENTINEL_CUT_PRIMARY
                ? FROZEN_FAILOVER
                : FAILOVER;
    }

    private EmbeddedRedis sentinel(Fault fault) {
        return servers.sentinels().get(fault.amount() % servers.sentinels().size());
    }

    @Override
    public int connections() {
        return 0;
    }

    @Override
    public void close() {
        servers.close();
    }
}
