package dev.forge.redis.internal.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A key on each primary of a cluster, with which a command can be sent to that primary.
 *
 * @param version the version of the router for which the keys are valid
 */
public record ProbeKeys(long version, Map<RedisNode, byte[]> keys) {

    // So many tags cover every slot; a primary with an average share of the slots is found much sooner.
    private static final int MOST_TRIES = 110_000;

    public static ProbeKeys of(CommandRouter router, byte[] prefix) {
        // Read before the primaries, so that a change in between causes another search.
        long version = router.version();
        return new ProbeKeys(version, find(prefix, router.primaries(), router::primaryOf));
    }

    /**
     * Returns, for each of {@code primaries}, a key that is on it.
     *
     * @param primaryOf returns the primary that serves a slot
     */
    public static <N> Map<N, byte[]> find(byte[] prefix, List<N> primaries, IntFunction<N> primaryOf) {
        Map<N, byte[]> keys = new LinkedHashMap<>();
        String start = new String(prefix, UTF_8);
        for (int tag = 0; tag < MOST_TRIES && keys.size() < primaries.size(); tag++) {
            byte[] key = (start + ":{" + tag + "}").getBytes(UTF_8);
            keys.putIfAbsent(primaryOf.apply(ClusterSlot.of(key)), key);
        }
        return keys;
    }
}
