package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.key.RedisKey;
import dev.forge.redis.settings.Ttl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The TTL and the tags of one value, where they differ from those of the cache.
 *
 * <p>Immutable.
 */
public final class EntryOptions {

    /** The TTL of the cache, and no tags. */
    public static final EntryOptions NONE = new EntryOptions(Optional.empty(), List.of());

    private static final int MOST_TAGS = 100;
    private static final int LONGEST_TAG = 512;

    private final Optional<Duration> ttl;
    private final List<String> tags;

    private EntryOptions(Optional<Duration> ttl, List<String> tags) {
        this.ttl = ttl;
        this.tags = tags;
    }

    /** Returns these options with {@code ttl} for the value, in place of the TTL of the cache. */
    public EntryOptions ttl(Duration ttl) {
        return new EntryOptions(Optional.of(checkedTtl("ttl", ttl)), tags);
    }

    /**
     * Returns these options with {@code tags}; {@link Cache#invalidateTag} of any of them invalidates the value.
     *
     * @throws IllegalArgumentException if there are more than 100 tags, or one is empty, longer than 512 bytes in UTF-8, or not
     *     valid Unicode
     */
    public EntryOptions tags(String... tags) {
        List<String> distinct = List.copyOf(new LinkedHashSet<>(Arrays.asList(tags)));
        if (distinct.size() > MOST_TAGS) {
            throw new UnusableException(
                    "a value must have at most " + MOST_TAGS + " tags, but was given " + distinct.size());
        }
        distinct.forEach(EntryOptions::checkTag);
        return new EntryOptions(ttl, distinct);
    }

    static String checkTag(String tag) {
        int length = requireNonNull(tag, "tag").getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > LONGEST_TAG) {
            throw new UnusableException("a tag must have 1 to " + LONGEST_TAG + " bytes, but had " + length);
        }
        if (!RedisKey.isUnicode(tag)) {
            throw new UnusableException("a tag must be valid Unicode, but holds half of a surrogate pair");
        }
        return tag;
    }

    Optional<Duration> ttl() {
        return ttl;
    }

    List<String> tags() {
        return tags;
    }

    /** Returns {@code ttl} if a value can have it; messages call it {@code name}. */
    static Duration checkedTtl(String name, Duration ttl) {
        try {
            return Ttl.check(name, ttl);
        } catch (IllegalArgumentException e) {
            throw new UnusableException(String.valueOf(e.getMessage()));
        }
    }

    /** A TTL or tags that no value can have. The message holds nothing of the value. */
    static final class UnusableException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private UnusableException(String message) {
            super(message);
        }
    }
}
