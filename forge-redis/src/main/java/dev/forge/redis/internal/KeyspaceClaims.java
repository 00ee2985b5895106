package dev.forge.redis.internal;

import dev.forge.redis.key.Keyspace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which feature of one manager keeps its keys in which keyspace: clearing one must not remove the keys of another.
 *
 * <p>Thread-safe.
 */
public final class KeyspaceClaims {

    /** The prefix of the keys of limits. No limiter claims its own keyspace: there may be one for each tenant. */
    public static final String LIMITS = "ratelimit:";

    private final Map<String, String> features = new ConcurrentHashMap<>();

    KeyspaceClaims() {}

    /**
     * Says that {@code feature} keeps its keys in {@code keyspace}.
     *
     * @throws IllegalArgumentException if another feature of the manager keeps its keys there, or limits do
     */
    public void add(Keyspace keyspace, String feature) {
        if (keyspace.name().startsWith(LIMITS)) {
            throw new IllegalArgumentException(
                    "name must not begin with " + LIMITS + ", as the keys of limits do, but was " + keyspace.name());
        }
        String other = features.putIfAbsent(keyspace.name(), feature);
        if (other != null && !other.equals(feature)) {
            throw new IllegalArgumentException(
                    "name must not be that of " + other + " of the same manager, but was " + keyspace.name());
        }
    }
}
