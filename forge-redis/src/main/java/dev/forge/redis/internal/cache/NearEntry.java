package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.tracking.TrackingEpoch;
import java.util.Optional;

/** An entry of {@link NearMap}. Compared by identity. */
public abstract sealed class NearEntry<V> {

    private NearEntry() {}

    /** Returns how much of the maximum weight it takes. */
    abstract int weight();

    /** A placeholder for a value that is being fetched from Redis; removing it keeps the value from being held. */
    public static final class Pending<V> extends NearEntry<V> {
        private final TrackingEpoch epoch;

        Pending(TrackingEpoch epoch) {
            this.epoch = epoch;
        }

        public TrackingEpoch epoch() {
            return epoch;
        }

        @Override
        int weight() {
            return 1;
        }
    }

    /** A value, or an absence. */
    public static final class Held<V> extends NearEntry<V> {
        private final Optional<V> value;
        private final TrackingEpoch epoch;
        private final long deadline;
        private final int weight;

        Held(Optional<V> value, TrackingEpoch epoch, long deadline, int weight) {
            this.value = value;
            this.epoch = epoch;
            this.deadline = deadline;
            this.weight = weight;
        }

        public Optional<V> value() {
            return value;
        }

        /** Returns whether it may be served at {@code now}, which must have been read after this entry was picked. */
        boolean isGood(long now) {
            return deadline - now > 0 && epoch.isTrusted(now);
        }

        @Override
        int weight() {
            return weight;
        }
    }
}
