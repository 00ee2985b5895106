package dev.forge.redis.test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The way of one slot from a primary to another, in the steps that the Redis Cluster specification gives. */
final class SlotMove {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /** Shorter, so that the old primary still says why it could not reach the new one. */
    private static final String MIGRATE_MILLIS = "5000";

    private static final int BATCH = 1_000;

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

    EmbeddedRedis to() {
        return to;
    }

    /** From now on, the old primary sends those who ask for a key that it does not have to the new one. */
    void begin() {
        String fromId = call(from, "CLUSTER", "MYID");
        String toId = call(to, "CLUSTER", "MYID");
        // In this order, because nobody may be sent to a primary that does not expect anybody.
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
     * Returns how many. On a connection of its own, because one that a time-out has left still waits for an answer,
     * which the next attempt would take for that to its own question.
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

    /** Tells it to the new owner first: it must know before anybody is sent to it for good. */
    void assign(List<EmbeddedRedis> primaries) {
        String toId = call(to, "CLUSTER", "MYID");
        Stream.concat(Stream.of(to, from), primaries.stream())
                .distinct()
                .forEach(node -> call(node, "CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", toId));
    }

    /**
     * Tells it once more, with a claim that is newer than any other: news of the old owner that was under way may have reached
     * the new one after it had been told, and then each believes that the other has the slot.
     */
    void insist(List<EmbeddedRedis> primaries) {
        call(to, "CLUSTER", "BUMPEPOCH");
        assign(primaries);
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
        // The answer may be NOKEY, which is no error: a key may have expired since it was listed.
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
