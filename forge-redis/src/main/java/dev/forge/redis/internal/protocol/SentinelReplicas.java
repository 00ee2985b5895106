package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a sentinel's reply about the replicas of a primary. */
final class SentinelReplicas {

    private SentinelReplicas() {}

    /** Returns the addresses of the replicas that are up and linked to their primary. */
    static List<HostAndPort> read(@Nullable Object reply) {
        List<HostAndPort> addresses = new ArrayList<>();
        if (reply instanceof List<?> replicas) {
            for (Object replica : replicas) {
                Map<String, String> fields = fields((List<?>) replica);
                String flags = fields.getOrDefault("flags", "");
                if (!flags.contains("down")
                        && !flags.contains("disconnected")
                        && "ok".equals(fields.get("master-link-status"))) {
                    addresses.add(new HostAndPort(
                            fields.getOrDefault("ip", ""), Integer.parseInt(fields.getOrDefault("port", "0"))));
                }
            }
        }
        return addresses;
    }

    private static Map<String, String> fields(List<?> parts) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            fields.put(new String((byte[]) parts.get(i), US_ASCII), new String((byte[]) parts.get(i + 1), US_ASCII));
        }
        return fields;
    }
}
