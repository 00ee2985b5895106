package dev.forge.redis;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.health.Diagnosis;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.Connections;
import dev.forge.redis.internal.DirectClient;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.internal.command.ManyKeys;
import dev.forge.redis.internal.deletion.DeletionTerms;
import dev.forge.redis.internal.health.LatestHealth;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptInput;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.Ttl;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One application's access to Redis: async for web routes, blocking for background tasks, one connection for both.
 *
 * <p>The connection is made by {@link #initializeAsync()} or on first use, and made anew whenever it is lost. Every call ends,
 * by its answer or by a {@link dev.forge.redis.failure.RedisFailure RedisFailure}, within the timeout of the settings. Calls made before the first attempt to connect
 * has ended wait for it, in their order. After that, calls fail at once with {@link dev.forge.redis.failure.RedisUnavailableException RedisUnavailableException} while there is no
 * connection.
 *
 * <p>No command runs twice. One is sent a second time only if it is known not to have run, because a server has referred it to
 * another or has read no further, or if it only reads and its connection was lost: such a call waits for the next attempt to
 * connect, and that once.
 *
 * <p>Each operation has two forms. The async one returns at once. The one that ends in {@code Sync} blocks the calling thread,
 * is cheap on a virtual thread, and throws {@link IllegalStateException} on a thread that serves connections, where it could
 * only wait for itself; the callbacks of async calls run on such threads, unless the answer is there before the callback. If
 * its thread is interrupted it throws {@link dev.forge.redis.failure.RedisInterruptedException RedisInterruptedException} at once, with the interrupt flag set again.
 *
 * <p>Keys are taken as they are, behind the prefix of the settings; {@link RedisKey} builds safe ones of parts. A key has at
 * most {@value RedisKey#MAX_BYTES} bytes. After {@link #close()} every operation throws {@link IllegalStateException}.
 *
 * <p>Thread-safe.
 */
public final class RedisManager implements AutoCloseable {

    /** Says that a value is to be kept until it is deleted. */
    public static final Duration NO_EXPIRY = Ttl.NO_EXPIRY;

    // Enough to keep a server busy, and few enough to leave room for others on one connection.
    private static final int BULK_WINDOW = 1_000;

    private final RedisSettings settings;
    private final Connections connections;
    private final LatestHealth health;
    private final boolean ofFeatures;
    private final BulkWindow bulkWindow;

    // Apart, because what is sent in the one above may itself consist of parts, and must not wait for its own turn.
    private final BulkWindow partsWindow;

    private RedisManager(RedisSettings settings) {
        this.settings = settings;
        this.connections = new Connections(settings);
        this.health = new LatestHealth(() -> connections.health(probeKey()), System::nanoTime);
        this.ofFeatures = false;
        this.bulkWindow = newWindow();
        this.partsWindow = newWindow();
    }

    private RedisManager(RedisManager other, boolean ofFeatures) {
        this.settings = other.settings;
        this.connections = other.connections;
        this.health = other.health;
        this.ofFeatures = ofFeatures;
        this.bulkWindow = other.bulkWindow;
        this.partsWindow = other.partsWindow;
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
        return settings;
    }

    /**
     * Connects, unless that is done. If it fails, the result says why, and the manager goes on trying until it is closed.
     */
    public CompletableFuture<Void> initializeAsync() {
        return held(connections.open());
    }

    /** Does what {@link #initializeAsync()} does, and blocks until it has ended. */
    public void initializeSync() {
        connections.await("initialize", connections::open);
    }

    /** Returns the value at {@code key}, or nothing if there is none; an empty string is a value. */
    public CompletableFuture<Optional<String>> getAsync(String key) {
        return held(connections.commands().get(key(key), Reply::text));
    }

    /** Does what {@link #getAsync} does, and blocks until it has ended. */
    public Optional<String> getSync(String key) {
        return connections.await("getSync", () -> getAsync(key));
    }

    /** Returns the bytes at {@code key}, or nothing if there are none. */
    public CompletableFuture<Optional<byte[]>> getBytesAsync(String key) {
        return held(connections.commands().get(key(key), Reply::copied));
    }

    /** Does what {@link #getBytesAsync} does, and blocks until it has ended. */
    public Optional<byte[]> getBytesSync(String key) {
        return connections.await("getBytesSync", () -> getBytesAsync(key));
    }

    /** Returns the bytes at each of {@code keys}, in their order, fetched in one round trip. */
    public CompletableFuture<List<Optional<byte[]>>> getAllBytesAsync(Collection<String> keys) {
        return held(getAll(keys.stream().map(this::key).toList(), Reply::copied)
                .thenApply(values -> values.stream().map(Optional::ofNullable).toList()));
    }

    private <T> CompletableFuture<List<@Nullable T>> getAll(List<byte[]> names, Reply.Decoder<T> decoder) {
        return names.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : ManyKeys.getAll(partsWindow, connections.commands(), connections.isCluster(), names, decoder);
    }

    /** Does what {@link #getAllBytesAsync} does, and blocks until it has ended. */
    public List<Optional<byte[]>> getAllBytesSync(Collection<String> keys) {
        return connections.await("getAllBytesSync", () -> getAllBytesAsync(keys));
    }

    /**
     * Returns what {@code decoder} makes of the value at each of {@code keys} of {@code keyspace}, in their order and in one round
     * trip, with null for one that is missing. The decoder runs on a thread that serves connections, and must be quick.
     */
    public <T> CompletableFuture<List<@Nullable T>> readAllAsync(
            Keyspace keyspace, List<String> keys, Function<ByteBuffer, T> decoder) {
        return held(getAll(keyspace.allBytes(settings.keyPrefix(), keys), decoder::apply));
    }

    /** Does what {@link #readAllAsync} does, and blocks until it has ended. */
    public <T> List<@Nullable T> readAllSync(Keyspace keyspace, List<String> keys, Function<ByteBuffer, T> decoder) {
        return connections.<List<@Nullable T>>await("readAllSync", () -> readAllAsync(keyspace, keys, decoder));
    }

    /** Returns how many milliseconds {@code key} will live, -1 if it has no end, or -2 if there is none. */
    public CompletableFuture<Long> pttlAsync(String key) {
        return held(connections.commands().pttl(key(key)));
    }

    /** Does what {@link #pttlAsync} does, and blocks until it has ended. */
    public long pttlSync(String key) {
        return connections.await("pttlSync", () -> pttlAsync(key));
    }

    /** Stores {@code value} at {@code key} for the default life of the settings. */
    public CompletableFuture<Void> setAsync(String key, String value) {
        return setAsync(key, value, settings.defaultTtl());
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
        return setBytesAsync(key, value.getBytes(StandardCharsets.UTF_8), ttl);
    }

    /** Does what {@link #setAsync(String, String)} does, and blocks until it has ended. */
    public void setSync(String key, String value) {
        connections.await("setSync", () -> setAsync(key, value));
    }

    /** Does what {@link #setAsync(String, String, Duration)} does, and blocks until it has ended. */
    public void setSync(String key, String value, Duration ttl) {
        connections.await("setSync", () -> setAsync(key, value, ttl));
    }

    /**
     * Stores {@code value}, which must not be changed any more, at {@code key} for {@code ttl}.
     *
     * @throws IllegalArgumentException if {@code ttl} is below 1 ms or above ten years
     */
    public CompletableFuture<Void> setBytesAsync(String key, byte[] value, Duration ttl) {
        return held(connections.commands().set(key(key), requireNonNull(value, "value"), Ttl.check("ttl", ttl)));
    }

    /** Does what {@link #setBytesAsync} does, and blocks until it has ended. */
    public void setBytesSync(String key, byte[] value, Duration ttl) {
        connections.await("setBytesSync", () -> setBytesAsync(key, value, ttl));
    }

    /** Deletes {@code keys}; returns how many of them there were. */
    public CompletableFuture<Long> deleteAsync(String... keys) {
        return deleteAsync(Arrays.asList(keys));
    }

    /** Deletes {@code keys}; returns how many of them there were. No key at all is 0, without asking Redis. */
    public CompletableFuture<Long> deleteAsync(Collection<String> keys) {
        List<byte[]> names = keys.stream().map(this::key).toList();
        return held(ManyKeys.unlink(partsWindow, connections.commands(), connections.isCluster(), names));
    }

    /** Does what {@link #deleteAsync(String...)} does, and blocks until it has ended. */
    public long deleteSync(String... keys) {
        return connections.await("deleteSync", () -> deleteAsync(keys));
    }

    /** Does what {@link #deleteAsync(Collection)} does, and blocks until it has ended. */
    public long deleteSync(Collection<String> keys) {
        return connections.await("deleteSync", () -> deleteAsync(keys));
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
        return delete(KeyPattern.escaped(settings.keyPrefix()) + pattern.glob());
    }

    /** Does what {@link #deletePatternAsync(String)} does, and blocks until it has ended. */
    public long deletePatternSync(String pattern) {
        return connections.await("deletePatternSync", () -> deletePatternAsync(pattern));
    }

    /** Does what {@link #deletePatternAsync(KeyPattern)} does, and blocks until it has ended. */
    public long deletePatternSync(KeyPattern pattern) {
        return connections.await("deletePatternSync", () -> deletePatternAsync(pattern));
    }

    /** Deletes every key of {@code keyspace} that matches {@code pattern}, as {@link #deletePatternAsync(KeyPattern)} does. */
    public CompletableFuture<Long> deletePatternAsync(Keyspace keyspace, KeyPattern pattern) {
        return delete(keyspace.glob(settings.keyPrefix(), pattern));
    }

    /** Does what {@link #deletePatternAsync(Keyspace, KeyPattern)} does, and blocks until it has ended. */
    public long deletePatternSync(Keyspace keyspace, KeyPattern pattern) {
        return connections.await("deletePatternSync", () -> deletePatternAsync(keyspace, pattern));
    }

    /** Returns a deletion by pattern, not yet started, that can be tried without effect, bounded in time, and resumed. */
    public PatternDeletion deletion(Keyspace keyspace, KeyPattern pattern) {
        return new PatternDeletion(connections, keyspace.glob(settings.keyPrefix(), pattern));
    }

    /** Deletes every key of {@code keyspace}; returns how many. {@link PatternDeletion} says what that guarantees. */
    public CompletableFuture<Long> clearNamespaceAsync(Keyspace keyspace) {
        return delete(keyspace.wholeGlob(settings.keyPrefix()));
    }

    /** Does what {@link #clearNamespaceAsync} does, and blocks until it has ended. */
    public long clearNamespaceSync(Keyspace keyspace) {
        return connections.await("clearNamespaceSync", () -> clearNamespaceAsync(keyspace));
    }

    private CompletableFuture<Long> delete(String glob) {
        return held(connections.delete(glob, DeletionTerms.PLAIN, DeletionReport::removed));
    }

    /**
     * Runs {@code script} with {@code keys}, behind the prefix of the settings, and {@code args}.
     *
     * <p>It runs at most once, and as one step: nobody sees it half done.
     */
    public CompletableFuture<ScriptReply> evalAsync(LuaScript script, List<String> keys, List<byte[]> args) {
        return eval(script, keys, args, Long.MAX_VALUE);
    }

    /**
     * Does what {@link #evalAsync(LuaScript, List, List)} does, and ends after {@code timeout} if that is shorter than
     * {@code REDIS_SOCKET_TIMEOUT}. To have waited for so long in vain does not make the server count as silent.
     */
    public CompletableFuture<ScriptReply> evalAsync(
            LuaScript script, List<String> keys, List<byte[]> args, Duration timeout) {
        return eval(script, keys, args, timeout.toNanos());
    }

    /** Does what {@link #evalAsync(LuaScript, List, List)} does, and blocks until it has ended. */
    public ScriptReply evalSync(LuaScript script, List<String> keys, List<byte[]> args) {
        return connections.await("evalSync", () -> evalAsync(script, keys, args));
    }

    /** Does what {@link #evalAsync(LuaScript, List, List, Duration)} does, and blocks until it has ended. */
    public ScriptReply evalSync(LuaScript script, List<String> keys, List<byte[]> args, Duration timeout) {
        return connections.await("evalSync", () -> evalAsync(script, keys, args, timeout));
    }

    /**
     * Does what {@link #evalAsync(LuaScript, List, List, Duration)} does, with keys and arguments that are not asked for before
     * the call leaves: what comes until then can travel with it. {@code input} is asked once, or never if the call ends without
     * having left, on a thread that serves connections, and must be quick.
     *
     * @throws IllegalStateException on a cluster, where the key says which server a call goes to
     */
    public CompletableFuture<ScriptReply> evalLateAsync(
            LuaScript script, Supplier<ScriptInput> input, Duration timeout) {
        if (connections.isCluster()) {
            throw new IllegalStateException("a call to a cluster has to know its keys from the beginning");
        }
        return held(connections.commands().evalLate(script, input, this::key, timeout.toNanos()));
    }

    /** Does what {@link #evalLateAsync} does, and blocks until it has ended. */
    public ScriptReply evalLateSync(LuaScript script, Supplier<ScriptInput> input, Duration timeout) {
        return connections.await("evalLateSync", () -> evalLateAsync(script, input, timeout));
    }

    /** Reads from Redis; the result says why if that is not possible. */
    public CompletableFuture<Void> asyncTestConnection() {
        return held(connections.commands().exists(probeKey()).thenApply(found -> null));
    }

    /** Does what {@link #asyncTestConnection()} does, and blocks until it has ended. */
    public void syncTestConnection() {
        connections.await("syncTestConnection", this::asyncTestConnection);
    }

    /**
     * Returns how Redis is, within half a second; never fails, and changes nothing.
     *
     * <p>The server itself says so: it is asked for a read, and for a write that it refuses if it takes none and that is without
     * effect if it does. For that the key {@code forge:health} behind the prefix is Forge's own: nothing may be stored there.
     * However many ask, one probe is under way, and its answer is good for a second, so that a change is seen within two.
     */
    public CompletableFuture<Health> healthAsync() {
        return held(health.get());
    }

    /** Does what {@link #healthAsync()} does, and blocks until it has ended. */
    public Health health() {
        return connections.await("health", this::healthAsync);
    }

    /**
     * Looks for what will hurt later, within five seconds: limits of memory, rights, versions with known holes, the way to the
     * server, clocks, keys that never end.
     *
     * <p>It only reads, at most a thousand keys or so, and sends no command that is not in the list of docs/acl.md. While Redis
     * does not serve, the diagnosis is one finding that says so; what could not be looked at is a finding too.
     */
    public CompletableFuture<Diagnosis> diagnoseAsync() {
        return held(connections.diagnose(probeKey()));
    }

    /** Does what {@link #diagnoseAsync()} does, and blocks until it has ended. */
    public Diagnosis diagnose() {
        return connections.await("diagnose", this::diagnoseAsync);
    }

    /**
     * Returns the client itself, for what the manager does not offer.
     *
     * <p>It has a connection of its own, made on first use, and may be kept: it reconnects by itself, and fails commands at
     * once meanwhile. Its exceptions are those of the client; it adds no prefix to keys, no life to values, and does not say
     * whether a failed command was sent.
     */
    public CompletableFuture<RedisClusterAsyncCommands<String, String>> getAsyncClient() {
        return held(connections.direct().commands().thenApply(DirectClient.Commands::async));
    }

    /** Returns the blocking form of {@link #getAsyncClient()}; blocks while it connects for the first time. */
    public RedisClusterCommands<String, String> getSyncClient() {
        return connections.await(
                "getSyncClient", () -> connections.direct().commands().thenApply(DirectClient.Commands::sync));
    }

    /**
     * Returns reads of which Redis tells when they are no longer true: the base of the near cache, and of waiting for a lease.
     *
     * <p>It has connections of its own, made on first use. It works in the background, never blocks, and is closed with this
     * manager.
     */
    public Tracking tracking() {
        return connections.tracking();
    }

    /**
     * Returns this manager for the use of a feature: its futures have callbacks of Forge only, and so end on Forge's own threads,
     * however many callbacks of callers block. What a feature itself returns to callers goes through {@link Scheduler#toCaller}.
     */
    public RedisManager forFeatures() {
        return ofFeatures ? this : new RedisManager(this, true);
    }

    /** Returns the window in which the bulk work of this manager's features leaves. */
    public BulkWindow bulkWindow() {
        return bulkWindow;
    }

    /** Returns what keeps the time for this manager, and the threads that its features work on; closed with the manager. */
    public Scheduler scheduler() {
        return connections.scheduler();
    }

    /**
     * Blocks until {@code future}, which an async call returned, has ended, and returns its result or throws its failure with
     * the stack of this thread. This is how the blocking form of each operation waits.
     *
     * @param operation what to call it in messages
     * @throws IllegalStateException on a thread that serves connections
     * @throws dev.forge.redis.failure.RedisInterruptedException if this thread is interrupted meanwhile; {@code future} is then cancelled
     */
    public <T> T await(String operation, CompletableFuture<T> future) {
        return connections.await(operation, () -> future);
    }

    /**
     * Waits at most two seconds for the calls under way, fails those that are left, and ends every connection and thread.
     *
     * <p>Closing is final. Closing again does nothing.
     */
    @Override
    public void close() {
        connections.close();
        health.forget();
    }

    private BulkWindow newWindow() {
        return new BulkWindow(
                BULK_WINDOW,
                task -> scheduler().background().execute(task),
                millis -> scheduler().pause(millis));
    }

    private CompletableFuture<ScriptReply> eval(
            LuaScript script, List<String> keys, List<byte[]> args, long timeoutNanos) {
        return held(connections
                .commands()
                .eval(
                        requireNonNull(script, "script"),
                        keys.stream().map(this::key).toList(),
                        args,
                        timeoutNanos));
    }

    /** Returns {@code future} for whom it is meant: a caller, whose callbacks must hold up nothing, or a feature. */
    private <T> CompletableFuture<T> held(CompletableFuture<T> future) {
        return ofFeatures ? future : CallerFuture.of(future);
    }

    private byte[] key(String key) {
        return RedisKey.bytes(settings.keyPrefix(), key);
    }

    private byte[] probeKey() {
        return key("forge:health");
    }
}
