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
 * Refusals that are known to hold still, so that Redis need not be asked.
 *
 * <p>A refusal by the count holds until its time whatever others do: they can only take more. It no longer holds after a
 * reset, which other processes see when they ask again, after a minute at the latest.
 *
 * <p>A subject has a few places, which it shares with others. So the memory is bounded, and whoever is forgotten costs a
 * question to Redis and nothing else.
 *
 * <p>Thread-safe.
 */
final class DenialCache {

    private static final int PLACES = 4096;
    private static final int PLACES_OF_ONE = 8;
    private static final int LONGEST_SUBJECT = 256;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicReferenceArray<@Nullable Refusal> places = new AtomicReferenceArray<>(PLACES);
    private final AtomicLong resets = new AtomicLong();
    private final LongSupplier ticker;

    DenialCache(LongSupplier ticker) {
        this.ticker = ticker;
    }

    private record Refusal(String subject, int cost, long retryAt, long resetAt, long forgottenAt, Limit limit) {}

    /** Returns a mark of now, to remember by what is asked now. */
    Mark mark() {
        return new Mark(ticker.getAsLong(), resets.get());
    }

    /** A moment at which Redis was asked, and the resets before it. */
    record Mark(long nanos, long resets) {}

    /** Returns the refusal of {@code subject}, or null if none is known to hold. */
    @Nullable
    Denied find(String subject, int cost) {
        int first = first(subject);
        for (int place = first; place < first + PLACES_OF_ONE; place++) {
            Refusal refusal = places.get(place);
            if (refusal != null && refusal.cost == cost && refusal.subject.equals(subject)) {
                long now = ticker.getAsLong();
                return refusal.forgottenAt - now <= 0
                        ? null
                        : new Denied(
                                Duration.ofNanos(refusal.retryAt - now),
                                Duration.ofNanos(refusal.resetAt - now),
                                Basis.REMEMBERED,
                                refusal.limit);
            }
        }
        return null;
    }

    /**
     * Remembers the refusal of one more request, if there is one.
     *
     * <p>Redis decided at some time since {@code asked}. So the refusal surely holds for its time from then, and is surely over
     * its time from now.
     */
    void remember(String subject, Count count, Mark asked) {
        if (count.retryAfter().isZero() || subject.length() > LONGEST_SUBJECT || asked.resets != resets.get()) {
            return;
        }
        long now = ticker.getAsLong();
        long retryNanos = count.retryAfter().toNanos();
        places.set(
                free(subject, count.cost(), now),
                new Refusal(
                        subject,
                        count.cost(),
                        now + retryNanos,
                        now + count.resetAfter().toNanos(),
                        asked.nanos + Math.min(retryNanos, LONGEST_NANOS),
                        count.limit()));
    }

    /** Forgets {@code subject}, and what was asked before now and is not answered yet. */
    void forget(String subject) {
        resets.incrementAndGet();
        int first = first(subject);
        for (int place = first; place < first + PLACES_OF_ONE; place++) {
            Refusal refusal = places.get(place);
            if (refusal != null && refusal.subject.equals(subject)) {
                places.compareAndSet(place, refusal, null);
            }
        }
    }

    /** Returns the place of the subject's last refusal, or else one that nobody needs, or else any. */
    private int free(String subject, int cost, long now) {
        int first = first(subject);
        int free = first + ThreadLocalRandom.current().nextInt(PLACES_OF_ONE);
        for (int place = first; place < first + PLACES_OF_ONE; place++) {
            Refusal refusal = places.get(place);
            if (refusal != null && refusal.cost == cost && refusal.subject.equals(subject)) {
                return place;
            }
            if (refusal == null || refusal.forgottenAt - now <= 0) {
                free = place;
            }
        }
        return free;
    }

    private static int first(String subject) {
        // Names that are alike have hashes that are alike; the upper bits of the product are not.
        return ((subject.hashCode() * 0x9E3779B9) >>> 20) & (PLACES - PLACES_OF_ONE);
    }
}
