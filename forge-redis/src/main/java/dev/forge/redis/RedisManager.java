package dev.forge.redis;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.failure.UnsupportedLibraryException;
import dev.forge.redis.health.Diagnosis;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.lettuce.DirectClient;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.observe.ConnectionStats;
import dev.forge.redis.observe.RedisObserver;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.Ttl;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One application's access to Redis: async for web routes, blocking for background tasks, one connection for both.
 *
 * <p>It connects in {@link #initializeAsync()} or on first use, and reconnects by itself. Each call ends within the
 * timeout of the settings, with a result or a {@link RedisFailure}. Calls made before the first attempt to connect has
 * ended wait for it, in order; later, without a connection, calls fail at once: {@link RedisUnavailableException}.
 *
 * <p>No command runs twice. It is resent only if it is known not to have run, because a server redirected it or stopped
 * reading before it, or if it is a read whose connection was lost: a read waits once for the next attempt to connect.
 *
 * <p>A {@code Sync} method blocks the calling thread, cheaply if that is virtual. When interrupted it throws {@link
 * RedisInterruptedException} at once, with the interrupt flag set. On a thread that serves connections, where callbacks
 * run unless they were added after completion, it would wait for itself and throws {@link IllegalStateException}.
 *
 * <p>Keys are used as given, after the prefix of the settings, up to {@value RedisKey#MAX_BYTES} bytes in all; {@link
 * RedisKey} builds safe ones. After {@link #close()} all calls but health throw {@link IllegalStateException}.
 * Thread-safe.
 */
public final class RedisManager implements AutoCloseable {

    /** The TTL of a value that is kept until it is deleted. */
    public static final Duration NO_EXPIRY = Ttl.NO_EXPIRY;

    static {
        CoreAccess.grant(RedisManager.class, manager -> manager.core);
    }

    private final RedisCore core;

    private RedisManager(RedisSettings settings) {
        this.core = new RedisCore(settings);
    }

    /** Returns a manager, not yet connected, with the settings of the {@code REDIS_*} environment variables. */
    public static RedisManager fromEnvironment() {
        return create(RedisSettings.fromEnvironment(System.getenv()));
    }

    /** Returns a manager, not yet connected, with {@code settings}. */
    public static RedisManager create(RedisSettings settings) {
        return new RedisManager(requireNonNull(settings, "settings"));
    }

    /** Returns the settings of this manager. */
    public RedisSettings settings() {
        return core.settings();
    }

    /**
     * Connects, if not yet connected. If that fails, the result says why, and the manager keeps trying until closed.
     */
    public CompletableFuture<Void> initializeAsync() {
        return CallerFuture.of(core.open());
    }

    /** Blocking variant of {@link #initializeAsync()}. */
    public void initializeSync() {
        core.await("initialize", core::open);
    }

    /** Returns the value of {@code key}, or nothing if there is none; an empty string is a value. */
    public CompletableFuture<Optional<String>> getAsync(String key) {
        return CallerFuture.of(core.get(key));
    }

    /** Blocking variant of {@link #getAsync}. */
    public Optional<String> getSync(String key) {
        return core.awaitFirst("getSync", () -> getAsync(key));
    }

    /** Stores {@code value} under {@code key} with the default TTL of the settings. */
    public CompletableFuture<Void> setAsync(String key, String value) {
        return setAsync(key, value, core.settings().defaultTtl());
    }

    /**
     * Stores {@code value} under {@code key} for {@code ttl}; with {@link #NO_EXPIRY}, until it is deleted.
     *
     * @throws IllegalArgumentException if {@code ttl} is not from 1 ms to ten years, or the value is not valid Unicode
     */
    public CompletableFuture<Void> setAsync(String key, String value, Duration ttl) {
        if (!RedisKey.isUnicode(requireNonNull(value, "value"))) {
            throw new IllegalArgumentException("value must be valid Unicode, but holds half of a surrogate pair");
        }
        return CallerFuture.of(core.setBytes(key, value.getBytes(StandardCharsets.UTF_8), ttl));
    }

    /** Blocking variant of {@link #setAsync(String, String)}. */
    public void setSync(String key, String value) {
        core.awaitFirst("setSync", () -> setAsync(key, value));
    }

    /** Blocking variant of {@link #setAsync(String, String, Duration)}. */
    public void setSync(String key, String value, Duration ttl) {
        core.awaitFirst("setSync", () -> setAsync(key, value, ttl));
    }

    /** Deletes {@code keys}; returns how many of them existed. */
    public CompletableFuture<Long> deleteAsync(String... keys) {
        return deleteAsync(Arrays.asList(keys));
    }

    /**
     * Deletes {@code keys}; returns how many of them existed. For an empty collection it returns 0 without asking
     * Redis.
     */
    public CompletableFuture<Long> deleteAsync(Collection<String> keys) {
        return CallerFuture.of(core.delete(keys));
    }

    /** Blocking variant of {@link #deleteAsync(String...)}. */
    public long deleteSync(String... keys) {
        return core.awaitFirst("deleteSync", () -> deleteAsync(keys));
    }

    /** Blocking variant of {@link #deleteAsync(Collection)}. */
    public long deleteSync(Collection<String> keys) {
        return core.awaitFirst("deleteSync", () -> deleteAsync(keys));
    }

    /** Deletes every key that matches {@code pattern}, a glob that {@link KeyPattern#of} accepts; returns how many. */
    public CompletableFuture<Long> deletePatternAsync(String pattern) {
        return deletePatternAsync(KeyPattern.of(pattern));
    }

    /** Deletes every key that matches {@code pattern}, as {@link PatternDeletion} guarantees; returns how many. */
    public CompletableFuture<Long> deletePatternAsync(KeyPattern pattern) {
        return CallerFuture.of(core.deletePattern(pattern));
    }

    /** Blocking variant of {@link #deletePatternAsync(String)}. */
    public long deletePatternSync(String pattern) {
        return core.await("deletePatternSync", () -> deletePatternAsync(pattern));
    }

    /** Blocking variant of {@link #deletePatternAsync(KeyPattern)}. */
    public long deletePatternSync(KeyPattern pattern) {
        return core.await("deletePatternSync", () -> deletePatternAsync(pattern));
    }

    /** Deletes the keys of {@code keyspace} that match, as {@link #deletePatternAsync(KeyPattern)} does. */
    public CompletableFuture<Long> deletePatternAsync(Keyspace keyspace, KeyPattern pattern) {
        return CallerFuture.of(core.deletePattern(keyspace, pattern));
    }

    /** Blocking variant of {@link #deletePatternAsync(Keyspace, KeyPattern)}. */
    public long deletePatternSync(Keyspace keyspace, KeyPattern pattern) {
        return core.await("deletePatternSync", () -> deletePatternAsync(keyspace, pattern));
    }

    /** Returns a deletion by pattern, not yet started, that can be a dry run, limited in time, and resumed. */
    public PatternDeletion deletion(Keyspace keyspace, KeyPattern pattern) {
        return new PatternDeletion(core, keyspace, pattern);
    }

    /** Deletes every key of {@code keyspace}, as {@link PatternDeletion} guarantees; returns how many. */
    public CompletableFuture<Long> clearNamespaceAsync(Keyspace keyspace) {
        return CallerFuture.of(core.clearNamespace(keyspace));
    }

    /** Blocking variant of {@link #clearNamespaceAsync}. */
    public long clearNamespaceSync(Keyspace keyspace) {
        return core.await("clearNamespaceSync", () -> clearNamespaceAsync(keyspace));
    }

    /** Runs {@code script} at most once and atomically, with {@code keys}, each after the prefix, and {@code args}. */
    public CompletableFuture<ScriptReply> evalAsync(LuaScript script, List<String> keys, List<byte[]> args) {
        return CallerFuture.of(core.eval(script, keys, args));
    }

    /** Blocking variant of {@link #evalAsync(LuaScript, List, List)}. */
    public ScriptReply evalSync(LuaScript script, List<String> keys, List<byte[]> args) {
        return core.awaitFirst("evalSync", () -> evalAsync(script, keys, args));
    }

    /** Reads from Redis; fails with the reason if that is not possible. */
    public CompletableFuture<Void> asyncTestConnection() {
        return CallerFuture.of(core.testConnection());
    }

    /** Blocking variant of {@link #asyncTestConnection()}. */
    public void syncTestConnection() {
        core.awaitFirst("syncTestConnection", this::asyncTestConnection);
    }

    /** Returns the {@link Health} of Redis within half a second; never fails, and changes nothing. */
    public CompletableFuture<Health> healthAsync() {
        return CallerFuture.of(core.health());
    }

    /** Blocking variant of {@link #healthAsync()}. */
    public Health healthSync() {
        return core.await("healthSync", this::healthAsync);
    }

    /**
     * Looks, for at most five seconds, for what will cause trouble later; only reads, as {@link Diagnosis} describes.
     */
    public CompletableFuture<Diagnosis> diagnoseAsync() {
        return CallerFuture.of(core.diagnose());
    }

    /** Blocking variant of {@link #diagnoseAsync()}. */
    public Diagnosis diagnoseSync() {
        return core.await("diagnoseSync", this::diagnoseAsync);
    }

    /**
     * Returns the Lettuce client, for what the manager does not offer. It has a connection of its own, made on first
     * use.
     *
     * <p>It may be kept: it reconnects by itself, and until then its commands fail at once. It throws its own exceptions,
     * adds no prefix to keys and no TTL to values, and does not say whether a failed command was sent. Lettuce is loaded by
     * the first call.
     *
     * @throws UnsupportedLibraryException if Lettuce is too old
     */
    public CompletableFuture<RedisClusterAsyncCommands<String, String>> getAsyncClient() {
        return CallerFuture.of(core.directClient().thenApply(DirectClient.Commands::async));
    }

    /** Blocking variant of {@link #getAsyncClient()}; blocks while it connects for the first time. */
    public RedisClusterCommands<String, String> getSyncClient() {
        return core.await("getSyncClient", () -> core.directClient().thenApply(DirectClient.Commands::sync));
    }

    /**
     * Returns the state of the connections as this process knows it. Opens no connection, sends nothing to Redis, never
     * blocks.
     */
    public ConnectionStats connectionStats() {
        return core.connectionStats();
    }

    /** Notifies {@code observer}, and no other, of what this manager and the features that use it do from now on. */
    public void observe(RedisObserver observer) {
        core.observers().set(requireNonNull(observer, "observer"));
    }

    /** Waits at most 2 s for calls under way, fails the rest, and ends all connections and threads. Idempotent. */
    @Override
    public void close() {
        core.close();
    }
}
