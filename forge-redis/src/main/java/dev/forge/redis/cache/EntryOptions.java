package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.settings.Ttl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * How one value is kept, where that differs from what the cache does with all of them.
 *
 * <p>Immutable.
 */
public final class EntryOptions {

    /** Nothing that differs. */
    public static final EntryOptions NONE = new EntryOptions(Optional.empty(), List.of());

    private static final int MOST_TAGS = 100;
    private static final int LONGEST_TAG = 512;

    private final Optional<Duration> ttl;
    private final List<String> tags;

    private EntryOptions(Optional<Duration> ttl, List<String> tags) {
        this.ttl = ttl;
        this.tags = tags;
    }

    /** Returns these options with a life of its own for the value. */
    public EntryOptions ttl(Duration ttl) {
        return new EntryOptions(Optional.of(Ttl.check("ttl", ttl)), tags);
    }

    /**
     * Returns these options with {@code tags}, any of which {@link Cache#invalidateTag} can invalidate.
     *
     * @throws IllegalArgumentException if there are more than 100, or one is empty or longer than 512 bytes
     */
    public EntryOptions tags(String... tags) {
        List<String> distinct = List.copyOf(new LinkedHashSet<>(Arrays.asList(tags)));
        if (distinct.size() > MOST_TAGS) {
            throw new IllegalArgumentException(
                    "a value has at most " + MOST_TAGS + " tags, but was given " + distinct.size());
        }
        distinct.forEach(EntryOptions::checkTag);
        return new EntryOptions(ttl, distinct);
    }

    static String checkTag(String tag) {
        int length = requireNonNull(tag, "tag").getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > LONGEST_TAG) {
            throw new IllegalArgumentException("a tag has 1 to " + LONGEST_TAG + " bytes, but had " + length);
        }
        return tag;
    }

    Optional<Duration> ttl() {
        return ttl;
    }

    List<String> tags() {
        return tags;
    }
}
