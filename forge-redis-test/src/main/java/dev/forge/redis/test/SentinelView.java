package dev.forge.redis.test;

import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The view that one sentinel has of the primary, its replicas and the other sentinels. */
record SentinelView(Map<String, String> primary, List<Map<String, String>> replicas, String quorum) {
    static final String PRIMARY = "mymaster";

    private static final Duration LIMIT = Duration.ofSeconds(1);

    /** Asks for everything. */
    static SentinelView of(EmbeddedRedis sentinel) throws IOException {
        try (RedisConnection connection = sentinel.connect(LIMIT)) {
            return new SentinelView(
                    maps(connection.list("SENTINEL", "MASTER", PRIMARY)).get(0),
                    maps(connection.list("SENTINEL", "SLAVES", PRIMARY)),
                    connection.call("SENTINEL", "CKQUORUM", PRIMARY));
        }
    }

    /** The port of the primary that the sentinel gives to clients. */
    static int portOfPrimary(EmbeddedRedis sentinel) throws IOException {
        try (RedisConnection connection = sentinel.connect(LIMIT)) {
            return Integer.parseInt(connection
                    .list("SENTINEL", "GET-MASTER-ADDR-BY-NAME", PRIMARY)
                    .get(1));
        }
    }

    int otherSentinels() {
        return Integer.parseInt(primary.getOrDefault("num-other-sentinels", "0"));
    }

    boolean takesPrimaryForAlive() {
        return flags(primary).equals("master");
    }

    boolean takesReplicaForAlive(int port) {
        return replicas.stream()
                .anyMatch(replica -> Integer.toString(port).equals(replica.get("port"))
                        && flags(replica).equals("slave"));
    }

    boolean hasQuorum() {
        return quorum.startsWith("+OK");
    }

    private static String flags(Map<String, String> instance) {
        return instance.getOrDefault("flags", "");
    }

    /** Splits the names and values of several instances: each begins with its name. */
    private static List<Map<String, String>> maps(List<String> elements) {
        List<Map<String, String>> maps = new ArrayList<>();
        for (int index = 0; index + 1 < elements.size(); index += 2) {
            if (elements.get(index).equals("name")) {
                maps.add(new HashMap<>());
            }
            maps.get(maps.size() - 1).put(elements.get(index), elements.get(index + 1));
        }
        return maps;
    }
}
