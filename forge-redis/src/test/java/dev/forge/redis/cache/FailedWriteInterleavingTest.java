package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.forge.redis.RedisManager;
import dev.forge.redis.Refused;
import dev.forge.redis.Trust;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.cache.InvalidationGuard;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.internal.cache.NearEntry.Pending;
import dev.forge.redis.internal.cache.NearMap;
import dev.forge.redis.internal.cache.PendingInvalidations;
import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of a near-cache look-up with a failed write and the invalidation that follows it. The server is
 * simulated; the code under test is real.
 */
class FailedWriteInterleavingTest {

    /** The moments of the writer, in order. */
    private enum Moment {
        BEFORE,
        FORGETS,
        HAS_FORGOTTEN,
        IS_SENT,
        FORGETS_AGAIN,
        HAS_FORGOTTEN_AGAIN,
        HAS_FAILED,
        IS_INVALIDATED
    }

    /** The steps of the reader, in order; several may happen at one moment of the writer. */
    private enum Step {
        CHECKS_WHETHER_REDIS_IS_TRUSTED,
        BEGINS,
        IS_ANSWERED,
        KEEPS
    }

    private static RedisManager nowhere;

    @BeforeAll
    static void open() {
        nowhere = RedisManager.create(RedisSettings.of("redis://127.0.0.1:1"));
    }

    @AfterAll
    static void close() {
        nowhere.close();
    }

    private int orders;
    private int kept;

    @Test
    void doesNotServeTheOldValueAfterAFailedWrite() {
        extend(new ArrayList<>(), false);

        assertThat(orders).isEqualTo(330);
        assertThat(kept)
                .as("orders in which something was in memory at some time")
                .isPositive();
    }

    @Test
    void doesNotServeTheOldValueAfterAFailedBulkInvalidation() {
        extend(new ArrayList<>(), true);

        assertThat(orders).isEqualTo(330);
        assertThat(kept)
                .as("orders in which something was in memory at some time")
                .isPositive();
    }

    private void extend(List<Moment> moments, boolean ofMany) {
        if (moments.size() == Step.values().length) {
            orders++;
            new Play(moments).run(ofMany);
            return;
        }
        List<Moment> all = List.of(Moment.values());
        int first = moments.isEmpty() ? 0 : all.indexOf(moments.get(moments.size() - 1));
        for (Moment next : all.subList(first, all.size())) {
            List<Moment> longer = new ArrayList<>(moments);
            longer.add(next);
            extend(longer, ofMany);
        }
    }

    /** One interleaving: the moment of the writer at which the reader takes each step. */
    private final class Play {
        private final List<Moment> moments;
        private final List<Step> steps = List.of(Step.values());
        private final Trust trust = new Trust(Duration.ofHours(1));
        private final PendingInvalidations unacknowledged;
        private final InvalidationGuard guard;
        private final NearMap<String> map;

        private Optional<String> inRedis = Optional.of("old");
        private int forgotten;
        private int taken;
        private boolean trusts;
        private @Nullable Pending<String> pending;
        private Optional<String> answer = Optional.empty();

        Play(List<Moment> moments) {
            this.moments = moments;
            this.unacknowledged = new PendingInvalidations(
                    keys -> {
                        inRedis = Optional.empty();
                        return CompletableFuture.completedFuture(1L);
                    },
                    PendingInvalidations.AT_ONCE,
                    () -> CompletableFuture.completedFuture(1L),
                    CoreAccess.coreOf(nowhere).scheduler());
            this.guard = new InvalidationGuard(unacknowledged);
            this.map = new NearMap<>(100, key -> unacknowledged.concerns(key.given()));
        }

        void run(boolean ofMany) {
            at(Moment.BEFORE);
            CompletableFuture<Void> write = new CompletableFuture<>();
            CompletableFuture<Void> result = ofMany
                    ? guard.runOther("tag", this::forget, () -> sent(write))
                    : guard.run(List.of("key"), this::forget, () -> sent(write));
            write.completeExceptionally(Refused.forWantOfAConnection());
            assertThat(result).isCompletedExceptionally();
            assertServesNothingOld();
            at(Moment.HAS_FAILED);
            assertServesNothingOld();
            unacknowledged.send().join();
            at(Moment.IS_INVALIDATED);
            assertServesNothingOld();
        }

        private CompletableFuture<Void> sent(CompletableFuture<Void> write) {
            if (write.isDone()) {
                inRedis = Optional.empty();
                return CompletableFuture.completedFuture(null);
            }
            at(Moment.IS_SENT);
            return write;
        }

        private void forget() {
            forgotten++;
            at(forgotten == 1 ? Moment.FORGETS : Moment.FORGETS_AGAIN);
            map.forget("key");
            at(forgotten == 1 ? Moment.HAS_FORGOTTEN : Moment.HAS_FORGOTTEN_AGAIN);
        }

        private void at(Moment moment) {
            while (taken < moments.size() && moments.get(taken) == moment) {
                take(steps.get(taken));
                taken++;
            }
            kept += map.get("key") == null ? 0 : 1;
        }

        private void take(Step step) {
            switch (step) {
                case CHECKS_WHETHER_REDIS_IS_TRUSTED -> trusts = !unacknowledged.concerns("key");
                case BEGINS -> pending = trusts ? map.begin(NearCaches.key("key"), trust.epoch()) : null;
                case IS_ANSWERED -> answer = inRedis;
                case KEEPS -> {
                    if (pending != null) {
                        map.publish("key", pending, answer, System.nanoTime() + TimeUnit.HOURS.toNanos(1), 1);
                    }
                }
            }
        }

        private void assertServesNothingOld() {
            Held<String> served = map.get("key");
            if (served != null && served.value().isPresent()) {
                fail("served the old value where the reader took its steps at " + moments);
            }
        }
    }
}
