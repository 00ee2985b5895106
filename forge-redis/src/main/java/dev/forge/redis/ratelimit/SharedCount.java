package dev.forge.redis.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.internal.KeyspaceClaims;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.digest.Sha256;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptInput;
import dev.forge.redis.script.ScriptReply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The count in Redis that all processes share. */
final class SharedCount {

    private static final int HASH_BYTES = 16;

    /** A check joins the call of another if that costs it at most an eighth of its time. */
    private static final int MOST_EARLY = 8;

    private static final byte[] ONE = LuaScript.argument(1);

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final LuaScript script;
    private final List<Limit> limits;
    private final String front;
    private final List<String> suffixes;
    private final List<byte[]> terms;

    /** The arguments for one request of one permit. */
    private final List<byte[]> usual;

    private final boolean isCluster;

    /** The last batch, which may still accept checks. */
    private final AtomicReference<@Nullable CheckBatch> batch = new AtomicReference<>();

    SharedCount(RedisCore redis, String name, Algorithm algorithm, List<Limit> limits) {
        this.redis = redis;
        this.keyspace = new Keyspace(KeyspaceClaims.LIMITS + new Keyspace(name).name());
        this.script = algorithm.script();
        this.limits = limits;
        this.front = keyspace.name() + "::{";
        this.suffixes =
                limits.stream().map(limit -> "}" + algorithm.suffix(limit)).toList();
        this.terms = terms(limits);
        this.usual = arguments(List.of(new Check(List.of(), 1, 1)));
        this.isCluster = redis.isCluster();
    }

    private static List<byte[]> terms(List<Limit> limits) {
        List<byte[]> terms = new ArrayList<>();
        terms.add(LuaScript.argument(limits.size()));
        for (Limit limit : limits) {
            terms.add(LuaScript.argument(limit.permits()));
            terms.add(LuaScript.argument(limit.periodMicros()));
        }
        return terms;
    }

    String name() {
        return keyspace.name();
    }

    /** Returns the name that the application gave. */
    String givenName() {
        return keyspace.name().substring(KeyspaceClaims.LIMITS.length());
    }

    List<Limit> limits() {
        return limits;
    }

    /** Decides {@code requests} of {@code cost} permits each in one atomic step; 0 requests only read. */
    CompletableFuture<Count> take(String subject, int cost, int requests, Duration timeout) {
        Check check = new Check(keys(subject), cost, requests);
        long nanos = timeout.toNanos();
        long endsAt = System.nanoTime() + nanos;
        while (true) {
            CheckBatch next = batch.get();
            if (next != null && next.add(check, endsAt, nanos / MOST_EARLY)) {
                return check;
            }
            CheckBatch own = new CheckBatch(check, endsAt);
            if (isCluster || batch.compareAndSet(next, own)) {
                send(own, check, timeout);
                return check;
            }
        }
    }

    private void send(CheckBatch own, Check first, Duration timeout) {
        try {
            // Subjects are on different servers of a cluster.
            CompletableFuture<ScriptReply> reply = isCluster
                    ? redis.eval(script, first.keys(), arguments(own.seal()), timeout)
                    : redis.evalLate(script, () -> input(own.seal()), timeout);
            reply.whenComplete((counts, thrown) -> ended(own.seal(), counts, thrown));
        } catch (Throwable e) {
            // From a closed manager, for example. The checks that joined must not wait for ever, whatever was thrown.
            ended(own.seal(), null, e);
        }
    }

    private void ended(List<Check> checks, @Nullable ScriptReply reply, @Nullable Throwable thrown) {
        try {
            if (reply == null) {
                throw new CompletionException(thrown);
            }
            ByteBuffer counts = ByteBuffer.wrap(reply.asBytes().orElseThrow());
            for (Check check : checks) {
                check.complete(count(check.cost(), counts));
            }
        } catch (Throwable e) {
            checks.forEach(check -> check.completeExceptionally(e));
        }
    }

    /** Deletes the counts of {@code subject}. */
    CompletableFuture<Long> forget(String subject) {
        return redis.delete(keys(subject));
    }

    /** Returns a pseudonym of {@code subject} for keys and memory: half of its SHA-256. */
    static String hash(String subject) {
        return Sha256.text(Arrays.copyOf(Sha256.of(subject.getBytes(UTF_8)), HASH_BYTES));
    }

    /** Returns one key for each limit; the hash in braces puts all of them in one slot of a cluster. */
    List<String> keys(String subject) {
        // The + operator would make a buffer, and let it grow.
        String start = front.concat(hash(subject));
        if (suffixes.size() == 1) {
            return List.of(start.concat(suffixes.get(0)));
        }
        List<String> keys = new ArrayList<>(suffixes.size());
        suffixes.forEach(suffix -> keys.add(start.concat(suffix)));
        return keys;
    }

    private ScriptInput input(List<Check> checks) {
        if (checks.size() == 1) {
            Check only = checks.get(0);
            boolean isUsual = only.cost() == 1 && only.requests() == 1;
            return new ScriptInput(only.keys(), isUsual ? usual : arguments(checks));
        }
        List<String> keys = new ArrayList<>(checks.size() * limits.size());
        checks.forEach(check -> keys.addAll(check.keys()));
        return new ScriptInput(keys, arguments(checks));
    }

    /** Returns the arguments of the script; they hold no time, because the script uses the clock of the server. */
    private List<byte[]> arguments(List<Check> checks) {
        List<byte[]> arguments = new ArrayList<>(terms.size() + 2 * checks.size());
        arguments.addAll(terms);
        for (Check check : checks) {
            arguments.add(argument(check.cost()));
            arguments.add(argument(check.requests()));
        }
        return arguments;
    }

    private static byte[] argument(int number) {
        return number == 1 ? ONE : LuaScript.argument(number);
    }

    /** Reads the five numbers that a script replies for one subject. */
    private Count count(int cost, ByteBuffer counts) {
        long allowed = (long) counts.getDouble();
        long left = (long) counts.getDouble();
        Duration retryAfter = micros(counts.getDouble());
        Duration resetAfter = micros(counts.getDouble());
        return new Count(cost, allowed, left, retryAfter, resetAfter, limits.get((int) counts.getDouble() - 1));
    }

    private static Duration micros(double micros) {
        return Duration.of((long) micros, ChronoUnit.MICROS);
    }
}
