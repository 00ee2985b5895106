package dev.forge.redis.internal.deletion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a deletion is for: those that match a glob in Redis and pass a check in this process.
 *
 * @param glob the glob
 * @param check what a key that matches the glob must pass, or null if each is selected
 * @param id a text that is different for other keys
 */
public record KeySelection(String glob, @Nullable Predicate<String> check, String id) {

    /** Returns all keys that match {@code glob}. */
    public static KeySelection of(String glob) {
        return new KeySelection(glob, null, glob);
    }

    /** Returns the keys of {@code keyspace}, behind {@code prefix}, that match {@code pattern}. */
    public static KeySelection of(String prefix, Keyspace keyspace, KeyPattern pattern) {
        String glob = keyspace.glob(prefix, pattern);
        return Keyspace.isExactGlob(pattern)
                ? of(glob)
                : new KeySelection(
                        glob,
                        // What matches the glob starts with the prefix.
                        key -> keyspace.keyIn(key.substring(prefix.length()))
                                .filter(pattern::matches)
                                .isPresent(),
                        // Other patterns may have the same glob.
                        glob + "\n" + pattern);
    }

    /** Returns those of {@code found}, which match the glob, that are selected. */
    List<byte[]> selected(List<byte[]> found) {
        // Most patterns need no check, and so no copy of each key as text.
        return check == null
                ? found
                : found.stream()
                        .filter(key -> check.test(new String(key, UTF_8)))
                        .toList();
    }
}
