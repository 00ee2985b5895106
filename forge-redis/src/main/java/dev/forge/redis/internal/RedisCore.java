package dev.forge.redis.internal;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.health.Diagnosis;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.internal.command.ManyKeys;
import dev.forge.redis.internal.deletion.DeletionTerms;
import dev.forge.redis.internal.health.LatestHealth;
import dev.forge.redis.internal.protocol.Reply;
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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the features and the manager do with Redis: bytes, bulk reads, scripts, deletions and tracked reads.
 *
 * <p>Everything is async. The futures have callbacks of Forge only, and so end on Forge's own threads, however many callbacks of
 * callers block. What goes to a caller passes {@link Scheduler#toCaller}, or {@link #await} for a blocking operation. Keys are
 * taken as they are, behind the prefix of the settings.
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

    // Apart, because what is sent in the one above may itself consist of parts, and must not wait for its own turn.
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

    /** Connects, unless that is done. */
    public CompletableFuture<Void> open() {
        return connections.open();
    }

    /** Returns the text at {@code key}, or nothing if there is none. */
    public CompletableFuture<Optional<String>> get(String key) {
        return connections.commands().get(key(key), Reply::text);
    }

    /** Returns the bytes at {@code key}, or nothing if there are none. */
    public CompletableFuture<Optional<byte[]>> getBytes(String key) {
        return connections.commands().get(key(key), Reply::copied);
    }

    /** Returns the bytes at each of {@code keys}, in their order, fetched in one round trip. */
    public CompletableFuture<List<Optional<byte[]>>> getAllBytes(Collection<String> keys) {
        return getAll(keys.stream().map(this::key).toList(), Reply::copied)
                .thenApply(values -> values.stream().map(Optional::ofNullable).toList());
    }

    /**
     * Returns what {@code decoder} makes of the value at each of {@code keys} of {@code keyspace}, in their order and in one round
     * trip, with null for one that is missing. The decoder runs on a thread that serves connections, and must be quick.
     */
    public <T> CompletableFuture<List<@Nullable T>> readAll(
            Keyspace keyspace, List<String> keys, Function<ByteBuffer, T> decoder) {
        return getAll(keyspace.allBytes(settings.keyPrefix(), keys), decoder::apply);
    }

    private <T> CompletableFuture<List<@Nullable T>> getAll(List<byte[]> names, Reply.Decoder<T> decoder) {
        return names.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : ManyKeys.getAll(partsWindow, connections.commands(), connections.isCluster(), names, decoder);
    }

    /** Returns the remaining TTL of {@code key} in milliseconds, -1 if it has none, or -2 if there is no such key. */
    public CompletableFuture<Long> pttl(String key) {
        return connections.commands().pttl(key(key));
    }

    /**
     * Stores {@code value}, which must not be changed any more, at {@code key} for {@code ttl}.
     *
     * @throws IllegalArgumentException if {@code ttl} is below 1 ms or above ten years
     */
    public CompletableFuture<Void> setBytes(String key, byte[] value, Duration ttl) {
        return connections.commands().set(key(key), requireNonNull(value, "value"), Ttl.check("ttl", ttl));
    }

    /** Deletes {@code keys}; returns how many of them there were. No key at all is 0, without asking Redis. */
    public CompletableFuture<Long> delete(Collection<String> keys) {
        List<byte[]> names = keys.stream().map(this::key).toList();
        return ManyKeys.unlink(partsWindow, connections.commands(), connections.isCluster(), names);
    }

    /** Deletes every key that matches {@code pattern}; returns how many. */
    public CompletableFuture<Long> deletePattern(KeyPattern pattern) {
        return delete(KeyPattern.escaped(settings.keyPrefix()) + pattern.glob());
    }

    /** Deletes every key of {@code keyspace} that matches {@code pattern}; returns how many. */
    public CompletableFuture<Long> deletePattern(Keyspace keyspace, KeyPattern pattern) {
        return delete(keyspace.glob(settings.keyPrefix(), pattern));
    }

    /** Deletes every key of {@code keyspace}; returns how many. */
    public CompletableFuture<Long> clearNamespace(Keyspace keyspace) {
        return delete(keyspace.wholeGlob(settings.keyPrefix()));
    }

    private CompletableFuture<Long> delete(String glob) {
        return connections.delete(glob, DeletionTerms.PLAIN, DeletionReport::removed);
    }

    /** Deletes the keys of {@code keyspace} that match {@code pattern} on {@code terms}. */
    public CompletableFuture<DeletionReport> delete(Keyspace keyspace, KeyPattern pattern, DeletionTerms terms) {
        return connections.delete(keyspace.glob(settings.keyPrefix(), pattern), terms, report -> report);
    }

    /** Runs {@code script} with {@code keys} and {@code args}: at most once, and as one step. */
    public CompletableFuture<ScriptReply> eval(LuaScript script, List<String> keys, List<byte[]> args) {
        return eval(script, keys, args, Long.MAX_VALUE);
    }

    /**
     * Does what {@link #eval(LuaScript, List, List)} does, and ends after {@code timeout} if that is shorter than
     * {@code REDIS_SOCKET_TIMEOUT}. To have waited for so long in vain does not make the server count as unresponsive.
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
     * Does what {@link #eval(LuaScript, List, List, Duration)} does, with keys and arguments that are not asked for before the
     * call leaves: what comes until then can travel with it. {@code input} is asked once, or never if the call ends without having
     * left, on a thread that serves connections, and must be quick.
     *
     * @throws IllegalStateException on a cluster, where the key says which server a call goes to
     */
    public CompletableFuture<ScriptReply> evalLate(LuaScript script, Supplier<ScriptInput> input, Duration timeout) {
        if (connections.isCluster()) {
            throw new IllegalStateException("a call to a cluster has to know its keys from the beginning");
        }
        return connections.commands().evalLate(script, input, this::key, timeout.toNanos());
    }

    /** Reads from Redis; the result says why if that is not possible. */
    public CompletableFuture<Void> testConnection() {
        return connections.commands().exists(probeKey()).thenApply(found -> null);
    }

    /** Returns how Redis is, within half a second; never fails. */
    public CompletableFuture<Health> health() {
        return health.get();
    }

    /** Looks for what will hurt later, within five seconds. */
    public CompletableFuture<Diagnosis> diagnose() {
        return connections.diagnose(probeKey());
    }

    /** Returns the client itself, on a connection of its own. */
    public CompletableFuture<DirectClient.Commands> directClient() {
        return connections.direct().commands();
    }

    /**
     * Returns reads of which Redis tells when they are no longer true: the base of the near cache, and of waiting for a lease.
     *
     * <p>It has connections of its own, made on first use.
     */
    public Tracking tracking() {
        return connections.tracking();
    }

    /** Returns the window in which the bulk work of all features leaves. */
    public BulkWindow bulkWindow() {
        return bulkWindow;
    }

    /** Returns what keeps the time, and the threads that features work on. */
    public Scheduler scheduler() {
        return connections.scheduler();
    }

    /**
     * Starts {@code call}, blocks until it has ended, and returns its result or throws its failure with the stack of this thread.
     *
     * @param operation what to call it in messages
     * @throws IllegalStateException on a thread that serves connections; {@code call} is then not started
     * @throws dev.forge.redis.failure.RedisInterruptedException if this thread is interrupted meanwhile; the call is cancelled
     */
    public <T> T await(String operation, Supplier<CompletableFuture<T>> call) {
        return connections.await(operation, call);
    }

    /** Does what {@link #await(String, Supplier)} does, for a call that has been started. */
    public <T> T await(String operation, CompletableFuture<T> call) {
        return connections.await(operation, () -> call);
    }

    /** Waits at most two seconds for the calls under way, fails those that are left, and ends every connection and thread. */
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
