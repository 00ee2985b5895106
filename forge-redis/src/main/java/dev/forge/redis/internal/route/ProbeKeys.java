package dev.forge.redis.internal.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.cluster.SlotHash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A key on each primary of a cluster, by which that can be asked something.
 *
 * @param version the version of the route for which this is true
 */
public record ProbeKeys(long version, Map<RedisNode, byte[]> keys) {

    // Among so many tags there is one for each slot; a primary with its share of them is met long before.
    private static final int MOST_TRIES = 110_000;

    public static ProbeKeys of(CommandRouter router, byte[] prefix) {
        // Before the primaries, so that what changes meanwhile is looked up again.
        long version = router.version();
        return new ProbeKeys(version, find(prefix, router.primaries(), router::primaryOf));
    }

    /**
     * Returns, for each of {@code primaries}, a key that is on it.
     *
     * @param primaryOf says which of them a slot is on
     */
    public static <N> Map<N, byte[]> find(byte[] prefix, List<N> primaries, IntFunction<N> primaryOf) {
        Map<N, byte[]> keys = new LinkedHashMap<>();
        String start = new String(prefix, UTF_8);
        for (int tag = 0; tag < MOST_TRIES && keys.size() < primaries.size(); tag++) {
            byte[] key = (start + ":{" + tag + "}").getBytes(UTF_8);
            keys.putIfAbsent(primaryOf.apply(SlotHash.getSlot(key)), key);
        }
        return keys;
    }
}
