package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a look-up of several keys found, one for each key, and what is made of it once the rest has been loaded. */
record Bulk<V>(List<String> keys, List<Found<V>> found) {

    /** Returns each of {@code keys} once, in their order. */
    static List<String> distinct(Iterable<String> keys) {
        Set<String> distinct = new LinkedHashSet<>();
        keys.forEach(key -> distinct.add(requireNonNull(key, "key")));
        return List.copyOf(distinct);
    }

    /** Returns the keys that have to be loaded. */
    Set<String> missing() {
        Set<String> missing = new LinkedHashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            if (found.get(i) instanceof Found.Missing<V>) {
                missing.add(keys.get(i));
            }
        }
        return missing;
    }

    /** Returns the leases on the keys that may be stored once they are loaded. */
    Map<String, byte[]> leases() {
        Map<String, byte[]> leases = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            if (found.get(i) instanceof Found.Missing<V> missing && missing.lease() != null) {
                leases.put(keys.get(i), missing.lease());
            }
        }
        return leases;
    }

    /** Returns the values found, as {@code hit} tells them, and those loaded, in the order of the keys. */
    Map<String, V> merged(Map<String, V> loaded, Function<Found.Present<V>, Optional<V>> hit) {
        Map<String, V> merged = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            if (found.get(i) instanceof Found.Present<V> present) {
                hit.apply(present).ifPresent(value -> merged.put(key, value));
            } else if (loaded.containsKey(key)) {
                merged.put(key, requireNonNull(loaded.get(key), "a loaded value"));
            }
        }
        return merged;
    }
}
