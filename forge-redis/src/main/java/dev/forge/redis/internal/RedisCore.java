package dev.forge.redis.internal;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.health.Diagnosis;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.internal.command.ManyKeys;
import dev.forge.redis.internal.deletion.DeletionTerms;
import dev.forge.redis.internal.deletion.KeySelection;
import dev.forge.redis.internal.health.LatestHealth;
import dev.forge.redis.internal.lettuce.DirectClient;
import dev.forge.redis.internal.observe.ObserverSlot;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.thread.BlockingCall;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.observe.ConnectionStats;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptInput;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.Ttl;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Redis operations of the manager and the features: bytes, bulk reads, scripts, deletions and tracked reads.
 *
 * <p>Everything is async. The futures have callbacks of Forge only, and so end on Forge's own threads, however many
 * callbacks of callers block. A future for a caller passes {@link CallerFuture#of}, or {@link #await} for a blocking
 * operation. Keys are used as given, after the prefix of the settings.
 *
 * <p>Thread-safe.
 */
public final class RedisCore implements AutoCloseable {

    // Enough to keep a server busy, and few enough to leave room for others on one connection.
    private static final int BULK_WINDOW = 1_000;

    private final RedisSettings settings;
    private final Connections connections;
    private final LatestHealth health;
    private final BulkWindow bulkWindow;
    private final KeyspaceClaims claims = new KeyspaceClaims();

    // Separate, because work in the window above may itself consist of parts, which must not wait for its turn.
    private final BulkWindow partsWindow;

    public RedisCore(RedisSettings settings) {
        this.settings = settings;
        this.connections = new Connections(settings);
        this.health = new LatestHealth(() -> connections.health(probeKey()), System::nanoTime);
        this.bulkWindow = newWindow();
        this.partsWindow = newWindow();
    }

    public RedisSettings settings() {
        return settings;
    }

    /** Returns which feature keeps its keys in which keyspace. */
    public KeyspaceClaims claims() {
        return claims;
    }

    /** Returns whether the keys of one command must be in one slot. */
    public boolean isCluster() {
        return connections.isCluster();
    }

    /** Returns the observer of the manager. */
    public ObserverSlot observers() {
        return connections.observers();
    }

    /** Returns the state of the connections; opens none. */
    public ConnectionStats connectionStats() {
        return connections.stats();
    }

    /** Connects unless already connected. */
    public CompletableFuture<Void> open() {
        return connections.open();
    }

    /** Returns the value of {@code key} as text, or empty if the key does not exist. */
    public CompletableFuture<Optional<String>> get(String key) {
        return connections.commands().get(key(key), Reply::text);
    }

    /** Returns the value of {@code key} as bytes, or empty if the key does not exist. */
    public CompletableFuture<Optional<byte[]>> getBytes(String key) {
        return connections.commands().get(key(key), Reply::copied);
    }

    /** Returns the value of each of {@code keys} as bytes, in their order, fetched in one round trip. */
    public CompletableFuture<List<Optional<byte[]>>> getAllBytes(Collection<String> keys) {
        List<byte[]> names = keys.stream().map(this::key).toList();
        return names.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : ManyKeys.getAll(partsWindow, connections.commands(), isCluster(), names, Reply::copied)
                        .thenApply(values ->
                                values.stream().map(Optional::ofNullable).toList());
    }

    /**
     * Returns the value of each of {@code keys} of {@code keyspace}, read by {@code decoder}, in their order and in one
     * round trip, with null for a missing key. The decoder runs on a thread that serves connections, and must be quick.
     *
     * <p>Fails if none could be read. If only some could not, because one of several nodes is unavailable, {@code failed} gets
     * the first failure, and each of these keys has the value {@code unread}.
     */
    public <T> CompletableFuture<List<@Nullable T>> readAll(
            Keyspace keyspace,
            List<String> keys,
            Function<ByteBuffer, T> decoder,
            T unread,
            Consumer<Throwable> failed) {
        List<byte[]> names = keyspace.allBytes(settings.keyPrefix(), keys);
        return names.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : ManyKeys.getMost(
                        partsWindow, connections.commands(), isCluster(), names, decoder::apply, unread, failed);
    }

    /** Returns the remaining TTL of {@code key} in milliseconds, -1 if it has none, or -2 if the key does not exist. */
    public CompletableFuture<Long> pttl(String key) {
        return connections.commands().pttl(key(key));
    }

    /**
     * Sets {@code key} to {@code value}, which must no longer be modified, with TTL {@code ttl}.
     *
     * @throws IllegalArgumentException if {@code ttl} is below 1 ms or above ten years
     */
    public CompletableFuture<Void> setBytes(String key, byte[] value, Duration ttl) {
        return connections.commands().set(key(key), requireNonNull(value, "value"), Ttl.check("ttl", ttl));
    }

    /** Deletes {@code keys}; returns how many of them existed. For no keys that is 0, without a call to Redis. */
    public CompletableFuture<Long> delete(Collection<String> keys) {
        List<byte[]> names = keys.stream().map(this::key).toList();
        return ManyKeys.unlink(partsWindow, connections.commands(), isCluster(), names);
    }

    /** Deletes every key that matches {@code pattern}; returns how many. */
    public CompletableFuture<Long> deletePattern(KeyPattern pattern) {
        return delete(KeySelection.of(KeyPattern.escaped(settings.keyPrefix()) + pattern.glob()));
    }

    /** Deletes every key of {@code keyspace} that matches {@code pattern}; returns how many. */
    public CompletableFuture<Long> deletePattern(Keyspace keyspace, KeyPattern pattern) {
        return delete(KeySelection.of(settings.keyPrefix(), keyspace, pattern));
    }

    /** Deletes every key of {@code keyspace}; returns how many. */
    public CompletableFuture<Long> clearNamespace(Keyspace keyspace) {
        return delete(KeySelection.of(keyspace.wholeGlob(settings.keyPrefix())));
    }

    private CompletableFuture<Long> delete(KeySelection keys) {
        return connections.delete(partsWindow, keys, DeletionTerms.PLAIN, DeletionReport::removed);
    }

    /** Deletes the keys of {@code keyspace} that match {@code pattern} on {@code terms}. */
    public CompletableFuture<DeletionReport> delete(Keyspace keyspace, KeyPattern pattern, DeletionTerms terms) {
        return connections.delete(
                partsWindow, KeySelection.of(settings.keyPrefix(), keyspace, pattern), terms, report -> report);
    }

    /** Runs {@code script} with {@code keys} and {@code args}: at most once, and atomically. */
    public CompletableFuture<ScriptReply> eval(LuaScript script, List<String> keys, List<byte[]> args) {
        return eval(script, keys, args, Long.MAX_VALUE);
    }

    /**
     * Like {@link #eval(LuaScript, List, List)}, but ends after {@code timeout} if that is shorter than {@code
     * REDIS_SOCKET_TIMEOUT}. Such a timeout does not make the server count as unresponsive.
     */
    public CompletableFuture<ScriptReply> eval(
            LuaScript script, List<String> keys, List<byte[]> args, Duration timeout) {
        return eval(script, keys, args, timeout.toNanos());
    }

    private CompletableFuture<ScriptReply> eval(
            LuaScript script, List<String> keys, List<byte[]> args, long timeoutNanos) {
        List<byte[]> names = keys.stream().map(this::key).toList();
        return connections.commands().eval(requireNonNull(script, "script"), names, args, timeoutNanos);
    }

    /**
     * Runs {@code script}, which replies a number, with parts of {@code keys}: each run is atomic, and on a cluster has the
     * keys of one slot. Returns the sum of the replies; for no keys that is 0, without a call to Redis.
     */
    public CompletableFuture<Long> evalInParts(LuaScript script, Collection<String> keys) {
        List<byte[]> names = keys.stream().map(this::key).toList();
        return ManyKeys.eval(partsWindow, connections.commands(), isCluster(), names, script);
    }

    /**
     * Like {@link #eval(LuaScript, List, List, Duration)}, but with keys and arguments that are computed just before
     * the call is sent, and so include what has arrived by then. {@code input} is called once, or never if the call
     * ends without being sent, on a thread that serves connections, and must be quick.
     *
     * @throws IllegalStateException on a cluster, where the key determines the server
     */
    public CompletableFuture<ScriptReply> evalLate(LuaScript script, Supplier<ScriptInput> input, Duration timeout) {
        if (isCluster()) {
            throw new IllegalStateException("a call to a cluster must have its keys from the beginning");
        }
        return connections.commands().evalLate(script, input, this::key, timeout.toNanos());
    }

    /** Reads from Redis; the result fails with the reason if that is not possible. */
    public CompletableFuture<Void> testConnection() {
        return connections.commands().exists(probeKey()).thenApply(found -> null);
    }

    /** Returns the health of Redis, within half a second; never fails. */
    public CompletableFuture<Health> health() {
        return health.get();
    }

    /** Checks for problems that will show later, within five seconds. */
    public CompletableFuture<Diagnosis> diagnose() {
        return connections.diagnose(probeKey());
    }

    /** Returns the commands of the client itself, on a separate connection. */
    public CompletableFuture<DirectClient.Commands> directClient() {
        return connections.direct().commands();
    }

    /**
     * Returns reads that Redis invalidates when the value changes: the base of the near cache and of waiting for a
     * lease.
     *
     * <p>It has separate connections, made on first use.
     */
    public Tracking tracking() {
        return connections.tracking();
    }

    /** Returns the window that the bulk work of all features shares. */
    public BulkWindow bulkWindow() {
        return bulkWindow;
    }

    /** Returns the window for parts of work in the {@link #bulkWindow()}, which must not wait for its turn there. */
    public BulkWindow partsWindow() {
        return partsWindow;
    }

    /** Returns the timers and the threads that features use. */
    public Scheduler scheduler() {
        return connections.scheduler();
    }

    /**
     * Starts {@code call}, blocks until it has ended, and returns its result or throws its failure with the stack of
     * this thread.
     *
     * @param operation the name of the call in messages
     * @throws IllegalStateException on a thread that serves connections; {@code call} is then not started
     * @throws dev.forge.redis.failure.RedisInterruptedException if this thread is interrupted meanwhile; the call is
     *     cancelled
     */
    public <T> T await(String operation, Supplier<CompletableFuture<T>> call) {
        return connections.await(operation, call);
    }

    /**
     * Like {@link #await(String, Supplier)}, for a call that consists of one command, or goes on only when its first command has ended; a
     * call that sends several side by side says so by {@link BlockingCall#sideBySide}. This thread may send the first command and read the
     * reply itself. Then {@code call} blocks, bounded only by the deadline of the command, whatever {@code call} does with its future.
     */
    public <T> T awaitFirst(String operation, Supplier<CompletableFuture<T>> call) {
        return connections.awaitFirst(operation, call);
    }

    /** Like {@link #await(String, Supplier)}, for a call that has already been started. */
    public <T> T await(String operation, CompletableFuture<T> call) {
        return connections.await(operation, call);
    }

    /** Waits at most two seconds for the calls under way, fails the rest, and ends every connection and thread. */
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

    private byte[] key(String key) {
        return RedisKey.bytes(settings.keyPrefix(), key);
    }

    private byte[] probeKey() {
        return key("forge:health");
    }
}
