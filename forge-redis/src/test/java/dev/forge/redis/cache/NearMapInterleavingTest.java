package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.forge.redis.Trust;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.internal.cache.NearEntry.Pending;
import dev.forge.redis.internal.cache.NearMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of a fetch and a write of one key, with and without the end of the tracking epoch. Redis is
 * simulated; the map and its epochs are real.
 */
class NearMapInterleavingTest {

    /** The steps, each of which happens once. A step happens only after those that it follows. */
    @SuppressWarnings("ImmutableEnumChecker") // Set.of cannot be changed
    private enum Step {
        /** A reader misses and puts its pending entry into the map. */
        FETCH_BEGINS,
        /** Redis replies, and will send this connection the next invalidation. */
        SERVER_ANSWERS(FETCH_BEGINS),
        /** The reader has decoded the reply and keeps the value. */
        FETCH_PUBLISHES(SERVER_ANSWERS),
        /** A writer in this process removes the key, before its command is sent. */
        WRITER_FORGETS,
        /** Redis runs the write, and sends the invalidation if the key is tracked. */
        SERVER_WRITES(WRITER_FORGETS),
        /** The writer has its reply, and removes the key again. */
        WRITER_FORGETS_AGAIN(SERVER_WRITES),
        /** The invalidation of the write is handled. */
        PUSH_ARRIVES(SERVER_WRITES),
        /** The connection is lost with any invalidation in flight; a new epoch begins. */
        EPOCH_ENDS,
        /** A second reader, on another thread, begins a fetch. */
        SECOND_BEGINS,
        SECOND_IS_ANSWERED(SECOND_BEGINS),
        SECOND_PUBLISHES(SECOND_IS_ANSWERED);

        private final Set<Step> after;

        Step(Step... after) {
            this.after = Set.of(after);
        }
    }

    private int orders;
    private int servedOld;
    private int servedNew;

    @Test
    void servesNoOldValueInAnyOrderOfAFetchAWriteAndAnEpochEnd() {
        each(EnumSet.complementOf(EnumSet.of(Step.SECOND_BEGINS, Step.SECOND_IS_ANSWERED, Step.SECOND_PUBLISHES)));

        assertThat(orders).isGreaterThan(500);
        assertThat(servedOld).isPositive();
        assertThat(servedNew).isPositive();
    }

    @Test
    void servesNoOldValueInAnyOrderOfTwoFetchesAndAForeignWrite() {
        // Another process writes: only the push reports it.
        each(EnumSet.complementOf(EnumSet.of(Step.WRITER_FORGETS, Step.WRITER_FORGETS_AGAIN, Step.EPOCH_ENDS)));

        assertThat(orders).isGreaterThan(500);
        assertThat(servedOld).isPositive();
        assertThat(servedNew).isPositive();
    }

    private void each(Set<Step> steps) {
        extend(new ArrayList<>(), steps);
    }

    private void extend(List<Step> order, Set<Step> left) {
        if (left.isEmpty()) {
            orders++;
            play(order);
            return;
        }
        for (Step step : left) {
            if (step.after.stream().noneMatch(left::contains)) {
                List<Step> longer = new ArrayList<>(order);
                longer.add(step);
                Set<Step> others = EnumSet.copyOf(left);
                others.remove(step);
                extend(longer, others);
            }
        }
    }

    private void play(List<Step> order) {
        Play play = new Play();
        for (int i = 0; i < order.size(); i++) {
            play.take(order.get(i));
            Held<String> served = play.map.get("key");
            if (served == null) {
                continue;
            }
            if (served.value().equals(Optional.of("new"))) {
                servedNew++;
            } else if (play.mayServeOld()) {
                servedOld++;
            } else {
                fail("served the old value after " + order.subList(0, i + 1));
            }
        }
    }

    /** One run of all steps. */
    private static final class Play {
        private final Trust trust = new Trust(Duration.ofHours(1));
        private final NearMap<String> map = new NearMap<>(100, key -> false);
        private final Fetch first = new Fetch();
        private final Fetch second = new Fetch();

        private String inRedis = "old";
        private boolean tracked;
        private boolean pushInFlight;
        private boolean written;
        private boolean invalidated;

        private final class Fetch {
            private @Nullable Pending<String> pending;
            private boolean isLost;
            private String answer = "";

            void begin() {
                pending = map.begin(NearCaches.key("key"), trust.epoch());
            }

            void answered() {
                answer = inRedis;
                // A lost connection gives no reply: the reader reads on another one, and keeps nothing.
                isLost = pending != null && pending.epoch().isOver();
                tracked |= !isLost;
            }

            void publish() {
                if (pending != null && !isLost) {
                    map.publish("key", pending, Optional.of(answer), System.nanoTime() + TimeUnit.HOURS.toNanos(1), 1);
                }
            }
        }

        void take(Step step) {
            switch (step) {
                case FETCH_BEGINS -> first.begin();
                case SERVER_ANSWERS -> first.answered();
                case FETCH_PUBLISHES -> first.publish();
                case SECOND_BEGINS -> second.begin();
                case SECOND_IS_ANSWERED -> second.answered();
                case SECOND_PUBLISHES -> second.publish();
                case WRITER_FORGETS -> map.forget("key");
                case SERVER_WRITES -> {
                    inRedis = "new";
                    written = true;
                    pushInFlight = tracked;
                    tracked = false;
                    invalidated = !pushInFlight;
                }
                case WRITER_FORGETS_AGAIN -> {
                    map.forget("key");
                    invalidated = true;
                }
                case PUSH_ARRIVES -> {
                    if (pushInFlight) {
                        map.forget("key");
                        invalidated = true;
                    }
                }
                case EPOCH_ENDS -> {
                    trust.startOver();
                    tracked = false;
                    pushInFlight = false;
                    // From here on no value of the old epoch may be served, invalidated or not.
                    invalidated = true;
                }
            }
        }

        /** Returns whether the old value is still in Redis, or its invalidation has not reached this process yet. */
        boolean mayServeOld() {
            return !written || !invalidated;
        }
    }
}
