package dev.forge.redis.ratelimit;

import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Denials that are known to hold, so that Redis need not be asked again.
 *
 * <p>A denial by the count holds until its time, whatever other processes do: they can only take more permits. It no
 * longer holds after a reset, which other processes notice at their next call to Redis, after a minute at the latest.
 *
 * <p>A subject has a few slots, shared with other subjects. So memory is bounded, and a forgotten denial costs one call
 * to Redis and nothing else.
 *
 * <p>Thread-safe.
 */
final class DenialCache {

    private static final int SLOTS = 4096;
    private static final int SLOTS_OF_ONE = 8;
    private static final int LONGEST_SUBJECT = 256;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicReferenceArray<@Nullable Denial> slots = new AtomicReferenceArray<>(SLOTS);
    private final AtomicLong resets = new AtomicLong();
    private final LongSupplier ticker;

    DenialCache(LongSupplier ticker) {
        this.ticker = ticker;
    }

    private record Denial(String subject, int cost, long retryAt, long resetAt, long forgottenAt, Limit limit) {}

    /** Returns a mark of this moment, for {@link #remember} after the call to Redis. */
    Mark mark() {
        return new Mark(ticker.getAsLong(), resets.get());
    }

    /** When Redis was asked, and how many resets there were before. */
    record Mark(long nanos, long resets) {}

    /** Returns the denial of {@code subject}, or null if none is known to hold. */
    @Nullable
    Denied find(String subject, int cost) {
        int first = first(subject);
        for (int slot = first; slot < first + SLOTS_OF_ONE; slot++) {
            Denial denial = slots.get(slot);
            if (denial != null && denial.cost == cost && denial.subject.equals(subject)) {
                long now = ticker.getAsLong();
                return denial.forgottenAt - now <= 0
                        ? null
                        : new Denied(
                                Duration.ofNanos(denial.retryAt - now),
                                Duration.ofNanos(denial.resetAt - now),
                                Basis.REMEMBERED,
                                denial.limit);
            }
        }
        return null;
    }

    /**
     * Remembers that one more request would be denied, if so.
     *
     * <p>Redis decided at some time since {@code asked}. So the denial certainly holds for {@code retryAfter} from
     * then, and is certainly over {@code retryAfter} from now.
     */
    void remember(String subject, Count count, Mark asked) {
        if (count.retryAfter().isZero() || subject.length() > LONGEST_SUBJECT || asked.resets != resets.get()) {
            return;
        }
        long now = ticker.getAsLong();
        long retryNanos = count.retryAfter().toNanos();
        Denial denial = new Denial(
                subject,
                count.cost(),
                now + retryNanos,
                now + count.resetAfter().toNanos(),
                asked.nanos + Math.min(retryNanos, LONGEST_NANOS),
                count.limit());
        int slot = free(subject, count.cost(), now);
        slots.set(slot, denial);
        if (asked.resets != resets.get()) {
            // The reset may have looked here before.
            slots.compareAndSet(slot, denial, null);
        }
    }

    /** Forgets {@code subject}, and the result of every call that is under way. */
    void forget(String subject) {
        resets.incrementAndGet();
        int first = first(subject);
        for (int slot = first; slot < first + SLOTS_OF_ONE; slot++) {
            Denial denial = slots.get(slot);
            if (denial != null && denial.subject.equals(subject)) {
                slots.compareAndSet(slot, denial, null);
            }
        }
    }

    /** Returns the slot of the subject's last denial, or else an unused slot, or else any. */
    private int free(String subject, int cost, long now) {
        int first = first(subject);
        int free = first + ThreadLocalRandom.current().nextInt(SLOTS_OF_ONE);
        for (int slot = first; slot < first + SLOTS_OF_ONE; slot++) {
            Denial denial = slots.get(slot);
            if (denial != null && denial.cost == cost && denial.subject.equals(subject)) {
                return slot;
            }
            if (denial == null || denial.forgottenAt - now <= 0) {
                free = slot;
            }
        }
        return free;
    }

    private static int first(String subject) {
        // Similar names have similar hash codes; the upper bits of the product spread them.
        return ((subject.hashCode() * 0x9E3779B9) >>> 20) & (SLOTS - SLOTS_OF_ONE);
    }
}
