package dev.forge.redis.test;

import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Moves one slot from a primary to another, in the steps of the Redis Cluster specification. */
final class SlotMove {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /** Shorter, so that the old primary can still report why it could not reach the new one. */
    private static final String MIGRATE_MILLIS = "5000";

    private static final int BATCH = 1_000;

    // Longer than gossip about a move takes between nodes, which is a few hundred milliseconds.
    private static final long INSIST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int slot;
    private final EmbeddedRedis from;
    private final EmbeddedRedis to;
    private final Duration answerLimit;

    SlotMove(int slot, EmbeddedRedis from, EmbeddedRedis to) {
        this(slot, from, to, ANSWER_LIMIT);
    }

    SlotMove(int slot, EmbeddedRedis from, EmbeddedRedis to, Duration answerLimit) {
        this.slot = slot;
        this.from = from;
        this.to = to;
        this.answerLimit = answerLimit;
    }

    /** From now on, the old primary redirects clients to the new one for keys that it does not have. */
    void begin() {
        String fromId = call(from, "CLUSTER", "MYID");
        String toId = call(to, "CLUSTER", "MYID");
        // In this order, because no client may be sent to a primary that does not expect it.
        call(to, "CLUSTER", "SETSLOT", Integer.toString(slot), "IMPORTING", fromId);
        call(from, "CLUSTER", "SETSLOT", Integer.toString(slot), "MIGRATING", toId);
    }

    void moveKey(String key) {
        try (RedisConnection connection = from.connect(answerLimit)) {
            migrate(connection, List.of(key));
        } catch (IOException failure) {
            throw failure(from, failure);
        }
    }

    void moveAllKeys() {
        String goal = "Moving the keys of slot " + slot + " from " + from.url();
        Patience.await(goal, Patience.DEFAULT, () -> {
            Patience.require(moveSomeKeys() < BATCH, "there are more");
            return this;
        });
    }

    /**
     * Returns how many. On a connection of its own: after a time-out the old one still gets a late answer, which the
     * next attempt would mistake for its own.
     */
    private int moveSomeKeys() throws IOException {
        // The bytes of a key need not be text.
        try (RedisConnection connection = from.connect(answerLimit).inBytes()) {
            List<String> keys = keys(connection);
            if (!keys.isEmpty()) {
                migrate(connection, keys);
            }
            return keys.size();
        }
    }

    /** Notifies the new owner first: it must know before any client is redirected to it. */
    void assign(List<EmbeddedRedis> primaries) {
        String toId = call(to, "CLUSTER", "MYID");
        Stream.concat(Stream.of(to, from), primaries.stream())
                .distinct()
                .forEach(node -> call(node, "CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", toId));
    }

    /**
     * Makes the new owner's claim newer than any other. A late message of the old owner may have reached the
     * new one after SETSLOT, and then each regards the other as the owner.
     */
    private void insist(List<EmbeddedRedis> primaries) {
        call(to, "CLUSTER", "BUMPEPOCH");
        assign(primaries);
    }

    /** Waits until all nodes that answer regard the new owner as such, and insists on it again after each second. */
    void awaitAgreement(List<EmbeddedRedis> primaries, Supplier<ClusterView> view) {
        long[] insistAt = {System.nanoTime() + INSIST_NANOS};
        Patience.await("Moving slot " + slot + " to " + to.url(), Patience.DEFAULT, () -> {
            if (System.nanoTime() - insistAt[0] > 0) {
                insist(primaries);
                insistAt[0] = System.nanoTime() + INSIST_NANOS;
            }
            Map<EmbeddedRedis, BitSet> owners = view.get().requireAgreement();
            Patience.require(owners.getOrDefault(to, new BitSet()).get(slot), "the new owner does not know yet");
            return owners;
        });
    }

    private List<String> keys(RedisConnection connection) throws IOException {
        return connection.list("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), Integer.toString(BATCH));
    }

    private void migrate(RedisConnection connection, List<String> keys) throws IOException {
        Stream<String> target =
                Stream.of("MIGRATE", "127.0.0.1", Integer.toString(to.port()), "", "0", MIGRATE_MILLIS, "REPLACE");
        String[] command = Stream.of(target, login(), Stream.of("KEYS"), keys.stream())
                .flatMap(part -> part)
                .toArray(String[]::new);
        // The answer may be NOKEY, which is not an error: a key may have expired since it was listed.
        connection.text(command);
    }

    private Stream<String> login() {
        List<String> credentials = to.credentials();
        return switch (credentials.size()) {
            case 0 -> Stream.of();
            case 1 -> Stream.of("AUTH", credentials.get(0));
            default -> Stream.of("AUTH2", credentials.get(0), credentials.get(1));
        };
    }

    private String call(EmbeddedRedis node, String... command) {
        try {
            return node.ask(command);
        } catch (IOException failure) {
            throw failure(node, failure);
        }
    }

    private EmbeddedRedisException failure(EmbeddedRedis node, IOException cause) {
        return new EmbeddedRedisException(
                "Moving slot " + slot + " failed at " + node.url() + ": " + cause.getMessage(), cause);
    }
}
