package dev.forge.redis.cache;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a cache knows about one key at one moment, for a person who wants to know why it answers as it does.
 *
 * @param redisKey the key in Redis, without the prefix of the settings
 * @param state what stands at the key in Redis
 * @param bytes how long the entry is
 * @param fresh how long the value stays fresh; negative if it is stale, nothing if it has no end or there is none
 * @param life how long until Redis removes the entry; nothing if it has no end or there is none
 * @param loadTime how long the value took to load, as far as that is known
 * @param tags the tags of the value
 * @param tagsValid whether none of them has been invalidated since the value was loaded
 * @param near whether the near cache of this process would answer
 * @param loading whether somebody in this process is looking it up or loading it
 * @param pending whether an invalidation of it has not reached Redis yet
 * @param lastFailure the latest failure of Redis that the cache went on without, or nothing
 * @param lastUnstorable why the latest value of the cache that was not stored would not have come back as it was, or nothing
 */
public record Explanation(
        String redisKey,
        State state,
        int bytes,
        Optional<Duration> fresh,
        Optional<Duration> life,
        Duration loadTime,
        List<String> tags,
        boolean tagsValid,
        boolean near,
        boolean loading,
        boolean pending,
        String lastFailure,
        String lastUnstorable) {

    /** What stands at a key. */
    public enum State {
        /** Nothing. */
        NOTHING,
        /** A value. */
        VALUE,
        /** The knowledge that there is no value. */
        ABSENCE,
        /** The lease of somebody who is loading, and no older value. */
        LEASE,
        /** The lease of somebody who is loading, and beside it the last value. */
        LEASE_BESIDE_VALUE,
        /** What this cache cannot read: of another format or shape, or broken. */
        UNREADABLE,
        /** Redis could not be asked. */
        UNKNOWN
    }

    /** Keeps its own copy of the tags. */
    public Explanation {
        tags = List.copyOf(tags);
    }
}
