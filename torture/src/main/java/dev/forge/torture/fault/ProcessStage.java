package dev.forge.torture.fault;

import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;

/** One healthy server: all faults happen in the process of the application. */
public final class ProcessStage implements Stage {

    private static final Duration USUAL = Duration.ofSeconds(1);

    private final EmbeddedRedis redis = EmbeddedRedis.start();
    private final FaultProxy proxy = FaultProxy.to(redis.port());

    /** Starts the server. */
    public ProcessStage() {}

    @Override
    public RedisSettings settings() {
        return RedisSettings.of(proxy.url());
    }

    /** Returns the port of the server itself. */
    public int port() {
        return redis.port();
    }

    @Override
    public void begin(Fault fault) {
        throw new IllegalArgumentException(fault.kind() + " does not happen to a healthy server");
    }

    @Override
    public void end(Fault fault) {
        // Nothing has begun.
    }

    @Override
    public void awaitReady() {
        // It is always ready.
    }

    @Override
    public EmbeddedRedis serverOf(String key) {
        return redis;
    }

    @Override
    public Duration recovery(FaultKind kind) {
        return USUAL;
    }

    @Override
    public int connections() {
        return proxy.connections();
    }

    @Override
    public void close() {
        proxy.close();
        redis.close();
    }
}
