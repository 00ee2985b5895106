package dev.forge.redis;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.health.Diagnosis;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.DirectClient;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.key.RedisKey;
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
 * <p>The connection is made by {@link #initializeAsync()} or on first use, and made anew whenever it is lost. Every call ends,
 * by its answer or by a {@link RedisFailure}, within the timeout of the settings. Calls made before the first attempt to connect
 * has ended wait for it, in their order. After that, calls fail at once with {@link RedisUnavailableException} while there is no
 * connection.
 *
 * <p>No command runs twice. One is sent a second time only if it is known not to have run, because a server has referred it to
 * another or has read no further, or if it only reads and its connection was lost: such a call waits for the next attempt to
 * connect, and that once.
 *
 * <p>Each operation has two forms. The async one returns at once. The one that ends in {@code Sync} blocks the calling thread,
 * is cheap on a virtual thread, and throws {@link IllegalStateException} on a thread that serves connections, where it could
 * only wait for itself; the callbacks of async calls run on such threads, unless the answer is there before the callback. If
 * its thread is interrupted it throws {@link RedisInterruptedException} at once, with the interrupt flag set again.
 *
 * <p>Keys are taken as they are, behind the prefix of the settings; {@link RedisKey} builds safe ones of parts. A key has at
 * most {@value RedisKey#MAX_BYTES} bytes. After {@link #close()} every operation throws {@link IllegalStateException}.
 *
 * <p>Thread-safe.
 */
public final class RedisManager implements AutoCloseable {

    /** Says that a value is to be kept until it is deleted. */
    public static final Duration NO_EXPIRY = Ttl.NO_EXPIRY;

    static {
        CoreAccess.grant(RedisManager.class, manager -> manager.core);
    }

    private final RedisCore core;

    private RedisManager(RedisSettings settings) {
        this.core = new RedisCore(settings);
    }

    /** Returns a manager for what the {@code REDIS_*} variables of this process say; it has not connected yet. */
    public static RedisManager fromEnvironment() {
        return create(RedisSettings.fromEnvironment(System.getenv()));
    }

    /** Returns a manager for {@code settings}; it has not connected yet. */
    public static RedisManager create(RedisSettings settings) {
        return new RedisManager(requireNonNull(settings, "settings"));
    }

    /** Returns the settings of this manager. */
    public RedisSettings settings() {
        return core.settings();
    }

    /**
     * Connects, unless that is done. If it fails, the result says why, and the manager goes on trying until it is closed.
     */
    public CompletableFuture<Void> initializeAsync() {
        return held(core.open());
    }

    /** Does what {@link #initializeAsync()} does, and blocks until it has ended. */
    public void initializeSync() {
        core.await("initialize", core::open);
    }

    /** Returns the value at {@code key}, or nothing if there is none; an empty string is a value. */
    public CompletableFuture<Optional<String>> getAsync(String key) {
        return held(core.get(key));
    }

    /** Does what {@link #getAsync} does, and blocks until it has ended. */
    public Optional<String> getSync(String key) {
        return core.await("getSync", () -> getAsync(key));
    }

    /** Stores {@code value} at {@code key} for the default life of the settings. */
    public CompletableFuture<Void> setAsync(String key, String value) {
        return setAsync(key, value, core.settings().defaultTtl());
    }

    /**
     * Stores {@code value} at {@code key} for {@code ttl}, or until it is deleted if that is {@link #NO_EXPIRY}.
     *
     * @throws IllegalArgumentException if {@code ttl} is below 1 ms or above ten years, or the value is not valid Unicode
     */
    public CompletableFuture<Void> setAsync(String key, String value, Duration ttl) {
        if (RedisKey.hasLoneSurrogate(requireNonNull(value, "value"))) {
            throw new IllegalArgumentException("value must be valid Unicode, but holds half of a surrogate pair");
        }
        return held(core.setBytes(key, value.getBytes(StandardCharsets.UTF_8), ttl));
    }

    /** Does what {@link #setAsync(String, String)} does, and blocks until it has ended. */
    public void setSync(String key, String value) {
        core.await("setSync", () -> setAsync(key, value));
    }

    /** Does what {@link #setAsync(String, String, Duration)} does, and blocks until it has ended. */
    public void setSync(String key, String value, Duration ttl) {
        core.await("setSync", () -> setAsync(key, value, ttl));
    }

    /** Deletes {@code keys}; returns how many of them there were. */
    public CompletableFuture<Long> deleteAsync(String... keys) {
        return deleteAsync(Arrays.asList(keys));
    }

    /** Deletes {@code keys}; returns how many of them there were. No key at all is 0, without asking Redis. */
    public CompletableFuture<Long> deleteAsync(Collection<String> keys) {
        return held(core.delete(keys));
    }

    /** Does what {@link #deleteAsync(String...)} does, and blocks until it has ended. */
    public long deleteSync(String... keys) {
        return core.await("deleteSync", () -> deleteAsync(keys));
    }

    /** Does what {@link #deleteAsync(Collection)} does, and blocks until it has ended. */
    public long deleteSync(Collection<String> keys) {
        return core.await("deleteSync", () -> deleteAsync(keys));
    }

    /**
     * Deletes every key that matches {@code pattern}, a glob of Redis; returns how many.
     *
     * @throws IllegalArgumentException if {@link KeyPattern#of} refuses the pattern
     */
    public CompletableFuture<Long> deletePatternAsync(String pattern) {
        return deletePatternAsync(KeyPattern.of(pattern));
    }

    /**
     * Deletes every key that matches {@code pattern}; returns how many. {@link PatternDeletion} says what that guarantees.
     */
    public CompletableFuture<Long> deletePatternAsync(KeyPattern pattern) {
        return held(core.deletePattern(pattern));
    }

    /** Does what {@link #deletePatternAsync(String)} does, and blocks until it has ended. */
    public long deletePatternSync(String pattern) {
        return core.await("deletePatternSync", () -> deletePatternAsync(pattern));
    }

    /** Does what {@link #deletePatternAsync(KeyPattern)} does, and blocks until it has ended. */
    public long deletePatternSync(KeyPattern pattern) {
        return core.await("deletePatternSync", () -> deletePatternAsync(pattern));
    }

    /** Deletes every key of {@code keyspace} that matches {@code pattern}, as {@link #deletePatternAsync(KeyPattern)} does. */
    public CompletableFuture<Long> deletePatternAsync(Keyspace keyspace, KeyPattern pattern) {
        return held(core.deletePattern(keyspace, pattern));
    }

    /** Does what {@link #deletePatternAsync(Keyspace, KeyPattern)} does, and blocks until it has ended. */
    public long deletePatternSync(Keyspace keyspace, KeyPattern pattern) {
        return core.await("deletePatternSync", () -> deletePatternAsync(keyspace, pattern));
    }

    /** Returns a deletion by pattern, not yet started, that can be tried without effect, bounded in time, and resumed. */
    public PatternDeletion deletion(Keyspace keyspace, KeyPattern pattern) {
        return new PatternDeletion(core, keyspace, pattern);
    }

    /** Deletes every key of {@code keyspace}; returns how many. {@link PatternDeletion} says what that guarantees. */
    public CompletableFuture<Long> clearNamespaceAsync(Keyspace keyspace) {
        return held(core.clearNamespace(keyspace));
    }

    /** Does what {@link #clearNamespaceAsync} does, and blocks until it has ended. */
    public long clearNamespaceSync(Keyspace keyspace) {
        return core.await("clearNamespaceSync", () -> clearNamespaceAsync(keyspace));
    }

    /**
     * Runs {@code script} with {@code keys}, behind the prefix of the settings, and {@code args}.
     *
     * <p>It runs at most once, and as one step: nobody sees it half done.
     */
    public CompletableFuture<ScriptReply> evalAsync(LuaScript script, List<String> keys, List<byte[]> args) {
        return held(core.eval(script, keys, args));
    }

    /** Does what {@link #evalAsync(LuaScript, List, List)} does, and blocks until it has ended. */
    public ScriptReply evalSync(LuaScript script, List<String> keys, List<byte[]> args) {
        return core.await("evalSync", () -> evalAsync(script, keys, args));
    }

    /** Reads from Redis; the result says why if that is not possible. */
    public CompletableFuture<Void> asyncTestConnection() {
        return held(core.testConnection());
    }

    /** Does what {@link #asyncTestConnection()} does, and blocks until it has ended. */
    public void syncTestConnection() {
        core.await("syncTestConnection", this::asyncTestConnection);
    }

    /**
     * Returns how Redis is, within half a second; never fails, and changes nothing.
     *
     * <p>The server itself says so: it is asked for a read, and for a write that it refuses if it takes none and that is without
     * effect if it does. For that the key {@code forge:health} behind the prefix is Forge's own: nothing may be stored there.
     * However many ask, one probe is under way, and its answer is good for a second, so that a change is seen within two.
     */
    public CompletableFuture<Health> healthAsync() {
        return held(core.health());
    }

    /** Does what {@link #healthAsync()} does, and blocks until it has ended. */
    public Health health() {
        return core.await("health", this::healthAsync);
    }

    /**
     * Looks for what will hurt later, within five seconds: limits of memory, rights, versions with known holes, the way to the
     * server, clocks, keys that never end.
     *
     * <p>It only reads, at most a thousand keys or so, and sends no command that is not in the list of docs/acl.md. While Redis
     * does not serve, the diagnosis is one finding that says so; what could not be looked at is a finding too.
     */
    public CompletableFuture<Diagnosis> diagnoseAsync() {
        return held(core.diagnose());
    }

    /** Does what {@link #diagnoseAsync()} does, and blocks until it has ended. */
    public Diagnosis diagnose() {
        return core.await("diagnose", this::diagnoseAsync);
    }

    /**
     * Returns the client itself, for what the manager does not offer.
     *
     * <p>It has a connection of its own, made on first use, and may be kept: it reconnects by itself, and fails commands at
     * once meanwhile. Its exceptions are those of the client; it adds no prefix to keys, no life to values, and does not say
     * whether a failed command was sent.
     */
    public CompletableFuture<RedisClusterAsyncCommands<String, String>> getAsyncClient() {
        return held(core.directClient().thenApply(DirectClient.Commands::async));
    }

    /** Returns the blocking form of {@link #getAsyncClient()}; blocks while it connects for the first time. */
    public RedisClusterCommands<String, String> getSyncClient() {
        return core.await("getSyncClient", () -> core.directClient().thenApply(DirectClient.Commands::sync));
    }

    /**
     * Waits at most two seconds for the calls under way, fails those that are left, and ends every connection and thread.
     *
     * <p>Closing is final. Closing again does nothing.
     */
    @Override
    public void close() {
        core.close();
    }

    /** Returns {@code future} for a caller, whose callbacks must hold up nothing. */
    private static <T> CompletableFuture<T> held(CompletableFuture<T> future) {
        return CallerFuture.of(future);
    }
}
