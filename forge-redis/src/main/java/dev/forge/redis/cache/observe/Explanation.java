package dev.forge.redis.cache.observe;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The state of one key of a cache at one moment, for a person who asks why the cache answers as it does.
 *
 * @param redisKey the key in Redis, without the prefix of the settings
 * @param state what Redis holds at the key
 * @param bytes the size of the entry in Redis, in bytes
 * @param fresh how long the value stays fresh; negative if it is stale, empty if it never expires or there is none
 * @param ttl the TTL of the entry in Redis; empty if it never expires or there is none
 * @param loadTime how long the value took to load; zero if that is not known
 * @param tags the tags of the value
 * @param tagsValid whether none of the tags has been invalidated since the value was loaded
 * @param near whether the near cache of this process would answer
 * @param loading whether a caller in this process is looking the key up or loading it
 * @param pending whether an invalidation of the key has failed and is still to be sent again
 * @param lastFailure the latest failure of Redis that this cache answered without; if Redis could not be read for this
 *     explanation, that failure; empty if there was none
 * @param lastUnstorable why the last value that was kept out of Redis could not be encoded, was too large, would not have been read back
 *     equal, or had a TTL or tags that cannot be used; empty if there was none
 */
public record Explanation(
        String redisKey,
        State state,
        int bytes,
        Optional<Duration> fresh,
        Optional<Duration> ttl,
        Duration loadTime,
        List<String> tags,
        boolean tagsValid,
        boolean near,
        boolean loading,
        boolean pending,
        String lastFailure,
        String lastUnstorable) {

    /** What Redis holds at a key. */
    public enum State {
        /** No entry. */
        NOTHING,
        /** A value. */
        VALUE,
        /** A cached absence: the source had no value for this key. */
        ABSENCE,
        /** The lease of a process that is loading the value, without an older value. */
        LEASE,
        /** The lease of a process that is loading the value, with the previous value beside it. */
        LEASE_BESIDE_VALUE,
        /** The fence of a transaction that changes the value and has not ended: nothing is served or stored. */
        FENCE,
        /** An entry that this cache cannot read: another format, another shape of the value, or damaged. */
        UNREADABLE,
        /** Redis could not be read. */
        UNKNOWN
    }

    /** Copies the tags. */
    public Explanation {
        tags = List.copyOf(tags);
    }
}
