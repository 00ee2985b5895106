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
 * Every order in which a fetch and a write of one key can take their steps, with and without the generation ending meanwhile.
 * What Redis does is played; the map and its generations are the real ones.
 */
class NearMapInterleavingTest {

    /** What can happen, each once. A step can come only after those that it follows. */
    @SuppressWarnings("ImmutableEnumChecker") // Set.of cannot be changed
    private enum Step {
        /** A reader misses and puts its pending entry in. */
        FETCH_BEGINS,
        /** Redis answers it, and will tell this connection of the next change. */
        SERVER_ANSWERS(FETCH_BEGINS),
        /** The reader has decoded the answer and keeps it. */
        FETCH_PUBLISHES(SERVER_ANSWERS),
        /** A writer in this process forgets the key, before its command is sent. */
        WRITER_FORGETS,
        /** Redis runs the write, and tells whom it has to. */
        SERVER_WRITES(WRITER_FORGETS),
        /** The writer has its answer, and forgets the key again. */
        WRITER_FORGETS_AGAIN(SERVER_WRITES),
        /** The news of the write is handled. */
        PUSH_ARRIVES(SERVER_WRITES),
        /** The connection is lost, and with it the news under way; another begins. */
        GENERATION_ENDS,
        /** A second reader of another thread does all that a fetch does. */
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
    void servesNoOldValueInAnyOrderOfAFetchAWriteAndAnEnd() {
        each(EnumSet.complementOf(EnumSet.of(Step.SECOND_BEGINS, Step.SECOND_IS_ANSWERED, Step.SECOND_PUBLISHES)));

        assertThat(orders).isGreaterThan(500);
        assertThat(servedOld).isPositive();
        assertThat(servedNew).isPositive();
    }

    @Test
    void servesNoOldValueInAnyOrderOfTwoFetchesAndAForeignWrite() {
        // Nobody here knows of the write: only the push does.
        each(EnumSet.complementOf(EnumSet.of(Step.WRITER_FORGETS, Step.WRITER_FORGETS_AGAIN, Step.GENERATION_ENDS)));

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

    /** One run of the steps. */
    private static final class Play {
        private final Trust trust = new Trust(Duration.ofHours(1));
        private final NearMap<String> map = new NearMap<>(100, key -> false);
        private final Fetch first = new Fetch();
        private final Fetch second = new Fetch();

        private String inRedis = "old";
        private boolean tracked;
        private boolean newsUnderWay;
        private boolean written;
        private boolean heard;

        private final class Fetch {
            private @Nullable Pending<String> pending;
            private boolean isLost;
            private String answer = "";

            void begin() {
                pending = map.begin("key", trust.epoch());
            }

            void answered() {
                answer = inRedis;
                // On a connection that is gone there is no answer; the reader asks another, and keeps nothing.
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
                    newsUnderWay = tracked;
                    tracked = false;
                    heard = !newsUnderWay;
                }
                case WRITER_FORGETS_AGAIN -> {
                    map.forget("key");
                    heard = true;
                }
                case PUSH_ARRIVES -> {
                    if (newsUnderWay) {
                        map.forget("key");
                        heard = true;
                    }
                }
                case GENERATION_ENDS -> {
                    trust.startOver();
                    tracked = false;
                    newsUnderWay = false;
                    // Nothing of before may be served from here on, heard or not.
                    heard = true;
                }
            }
        }

        /** Returns whether the old value is still the one in Redis, or nobody here can know yet that it is not. */
        boolean mayServeOld() {
            return !written || !heard;
        }
    }
}
