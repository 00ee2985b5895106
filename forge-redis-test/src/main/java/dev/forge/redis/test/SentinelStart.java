package dev.forge.redis.test;

import dev.forge.redis.test.server.Directive;
import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Starts the sentinels of a primary, and introduces them to each other. */
final class SentinelStart {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final int COUNT = 3;
    private static final String QUORUM = "2";

    /** A failover without a majority is tried again after twice this time. */
    private static final String FAILOVER_TIMEOUT_MILLIS = "3000";

    private static final int ID_LENGTH = 40;

    private final ServerGroup group;
    private final boolean proxies;
    private final int primaryPort;
    private final List<Directive> options;

    /** {@code options} follow {@code sentinel monitor}. */
    SentinelStart(ServerGroup group, boolean proxies, int primaryPort, List<Directive> options) {
        this.group = group;
        this.proxies = proxies;
        this.primaryPort = primaryPort;
        this.options = options;
    }

    List<EmbeddedRedis> start() {
        Random random = new Random();
        List<String> ids = new ArrayList<>();
        List<EmbeddedRedis> sentinels = new ArrayList<>();
        for (int index = 0; index < COUNT; index++) {
            String id = random.ints(ID_LENGTH, 0, 16)
                    .collect(
                            StringBuilder::new,
                            (hex, digit) -> hex.append(Integer.toHexString(digit)),
                            StringBuilder::append)
                    .toString();
            ids.add(id);
            sentinels.add(
                    proxies ? group.startBehindProxy(sentinel(id), port -> List.of()) : group.start(sentinel(id)));
        }
        for (int index = 0; index < COUNT; index++) {
            for (EmbeddedRedis other : sentinels) {
                introduce(sentinels.get(index), ids.get(index), other);
            }
        }
        return sentinels;
    }

    private EmbeddedRedis.Builder sentinel(String id) {
        List<Directive> own = List.of(
                Directive.of("sentinel", "myid", id),
                Directive.of(
                        "sentinel",
                        "monitor",
                        SentinelView.PRIMARY,
                        "127.0.0.1",
                        Integer.toString(primaryPort),
                        QUORUM),
                Directive.of("sentinel", "failover-timeout", SentinelView.PRIMARY, FAILOVER_TIMEOUT_MILLIS),
                Directive.of("sentinel", "parallel-syncs", SentinelView.PRIMARY, "1"));
        return EmbeddedRedis.builder().options(own).options(options);
    }

    /** Sends the messages by which sentinels find each other through the primary, where that takes seconds. */
    private void introduce(EmbeddedRedis sentinel, String id, EmbeddedRedis other) {
        String message = String.join(
                ",",
                List.of(
                        "127.0.0.1",
                        Integer.toString(sentinel.port()),
                        id,
                        "0",
                        SentinelView.PRIMARY,
                        "127.0.0.1",
                        Integer.toString(primaryPort),
                        "0"));
        if (sentinel != other) {
            try (RedisConnection connection = other.connect(LIMIT)) {
                connection.call("PUBLISH", "__sentinel__:hello", message);
            } catch (IOException failure) {
                throw new EmbeddedRedisException(
                        "The sentinel at " + other.url() + " does not answer: " + failure.getMessage(), failure);
            }
        }
    }
}
