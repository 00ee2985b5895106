package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.cache.LeaseKind;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;

/**
 * How {@link Cache#lookup(String, LookupOptions)} deals with the loads of other callers.
 *
 * <p>Immutable.
 */
public final class LookupOptions {

    /** Waits for no load; other callers wait for the value of a miss. */
    public static final LookupOptions NONE = new LookupOptions(LeaseKind.EXCLUSIVE, Duration.ZERO);

    private final LeaseKind kind;
    private final Duration longestWait;

    private LookupOptions(LeaseKind kind, Duration longestWait) {
        this.kind = kind;
        this.longestWait = longestWait;
    }

    /**
     * Returns these options for a caller in a transaction, which can store the value of a miss only after its commit.
     *
     * <p>No one waits for such a miss. Any look-up without this option takes its lease over, and then its value is not stored. Another
     * look-up with this option leaves the lease, and its own miss stores nothing.
     */
    public LookupOptions yielding() {
        return new LookupOptions(LeaseKind.YIELDING, longestWait);
    }

    /**
     * Returns these options for a look-up that waits for the value that another caller is loading, for at most {@code longest};
     * after that, the result is a miss that stores nothing.
     *
     * @throws IllegalArgumentException if {@code longest} is negative
     */
    public LookupOptions waitingFor(Duration longest) {
        if (requireNonNull(longest, "longest").isNegative()) {
            throw new IllegalArgumentException("longest must not be negative, but was " + longest);
        }
        // A longer wait would overflow in nanoseconds.
        return new LookupOptions(kind, longest.compareTo(Ttl.LONGEST) > 0 ? Ttl.LONGEST : longest);
    }

    LeaseKind kind() {
        return kind;
    }

    Duration longestWait() {
        return longestWait;
    }
}
