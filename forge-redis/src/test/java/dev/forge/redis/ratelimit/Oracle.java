package dev.forge.redis.ratelimit;

import java.util.ArrayList;
import java.util.List;

/** The expected answers of a limit, computed naively: from a list of all permits ever taken, in whole numbers. */
abstract class Oracle {

    final long period;

    /** The permits of the current limit. */
    long permits;

    /** The last millisecond of the key in Redis. */
    private long expires = Long.MAX_VALUE;

    private Oracle(Limit limit) {
        this.permits = limit.permits();
        this.period = limit.periodMicros();
    }

    private static long ceil(long number, long divisor) {
        return -Math.floorDiv(-number, divisor);
    }

    static Oracle of(Algorithm algorithm, Limit limit) {
        return switch (algorithm) {
            case SLIDING_WINDOW -> new Window(limit);
            case TOKEN_BUCKET -> new Bucket(limit);
            case FIXED_WINDOW -> new Fixed(limit);
        };
    }

    /** Switches to a limit of the same period, which may have other permits. */
    void follow(Limit limit) {
        permits = limit.permits();
    }

    /** Reads the clock, which may have been set back; the effect of that is kept if {@code keeps}. */
    final void look(long now, boolean keeps) {
        if (millis(now) > expires) {
            forget();
            expires = Long.MAX_VALUE;
        }
        read(now, keeps);
    }

    /** Lets the key expire after {@code micros}, rounded up to whole milliseconds. */
    final void expire(long now, long micros) {
        expires = millis(now) + ceil(micros, 1_000);
    }

    static long millis(long now) {
        return Math.floorDiv(now, 1_000);
    }

    abstract void read(long now, boolean keeps);

    /** Forgets all permits, because the key has expired. */
    abstract void forget();

    /** Returns how many permits are free, as of the last {@link #look}. */
    abstract long free(long now);

    abstract void take(long now, long cost);

    /** Returns how long until {@code cost} permits are free. */
    abstract long waitFor(long now, long cost);

    /** Returns how long until all permits are free, after a request of {@code cost} permits. */
    abstract long reset(long now, long cost);

    /** Returns how much longer than a period it may take until all permits are free. */
    abstract long slack();

    /** The bucket is owed permits, and is refilled at the rate of the limit that took the last of them. */
    static final class Bucket extends Oracle {
        private static final long PARTS = 256;

        private long full;
        private long pace;
        private long keptFull;
        private long keptPace;
        private long mostPermits;

        Bucket(Limit limit) {
            super(limit);
            follow(limit);
        }

        @Override
        void follow(Limit limit) {
            super.follow(limit);
            mostPermits = Math.max(mostPermits, permits);
        }

        private long interval(long pace) {
            return ceil(period, pace);
        }

        @Override
        void read(long now, boolean keeps) {
            pace = keptFull <= now ? permits : keptPace;
            full = Math.min(Math.max(keptFull, now), now + pace * interval(pace));
            // A clock that only advances changes nothing.
            if (keeps && full < keptFull) {
                keptFull = full;
                expire(now, Math.min(full - now, period));
            }
        }

        @Override
        void forget() {
            keptFull = 0;
        }

        @Override
        long free(long now) {
            return permits - ceil(full - now, interval(pace));
        }

        @Override
        void take(long now, long cost) {
            if (pace != permits) {
                long owed = full - now;
                long parts = ceil(owed % interval(pace) * PARTS, interval(pace));
                full = now + owed / interval(pace) * interval(permits) + ceil(parts * interval(permits), PARTS);
                pace = permits;
            }
            full += cost * interval(pace);
            keptFull = full;
            keptPace = pace;
            expire(now, Math.min(full - now, period));
        }

        @Override
        long waitFor(long now, long cost) {
            return Math.max(0, full - now - (permits - cost) * interval(pace));
        }

        @Override
        long reset(long now, long cost) {
            return full - now;
        }

        @Override
        long slack() {
            return mostPermits;
        }
    }

    /** The window ends with its key. */
    static final class Fixed extends Oracle {
        private final long length;
        private long left;
        private long used;
        private long last;
        private long keptUsed;

        Fixed(Limit limit) {
            super(limit);
            this.length = ceil(period, 1_000);
        }

        @Override
        void read(long now, boolean keeps) {
            used = keptUsed;
            left = used == 0 ? length : Math.min(last - millis(now), length);
            if (keeps && used > 0 && millis(now) + left < last) {
                begin(now);
            }
        }

        @Override
        void forget() {
            keptUsed = 0;
        }

        @Override
        long free(long now) {
            return permits - used;
        }

        @Override
        void take(long now, long cost) {
            if (used == 0) {
                begin(now);
            }
            used += cost;
            keptUsed = used;
        }

        private void begin(long now) {
            last = millis(now) + length;
            expire(now, period);
        }

        @Override
        long waitFor(long now, long cost) {
            return used + cost > permits ? (left + 1) * 1_000 : 0;
        }

        @Override
        long reset(long now, long cost) {
            long wait = waitFor(now, cost);
            return wait > 0 || used == 0 ? wait : Math.min((left + 1) * 1_000, period);
        }

        @Override
        long slack() {
            return 2_000;
        }
    }

    static final class Window extends Oracle {
        /** How many records outside of the window Redis may still hold; with one more, it drops them. */
        private static final int LEFT_OVER = 31;

        private final long cell;
        private boolean countsInCells;
        private List<Long> kept = new ArrayList<>();
        private List<Long> taken = kept;

        Window(Limit limit) {
            super(limit);
            this.cell = ceil(period, 256);
            follow(limit);
        }

        @Override
        void follow(Limit limit) {
            super.follow(limit);
            countsInCells |= permits > 256;
        }

        @Override
        void read(long now, boolean keeps) {
            taken = kept;
            long at = at(now);
            long newest = newest();
            boolean endOfACell = newest % cell == 0 && newest < now + cell;
            if (newest > at && !endOfACell) {
                taken = new ArrayList<>(kept);
                taken.removeIf(each -> each <= newest - period || Math.min(each, at) <= now - period);
                taken.replaceAll(each -> Math.min(each, at));
                if (keeps) {
                    kept = taken;
                    expire(now, at + period - now);
                }
            }
        }

        @Override
        long free(long now) {
            return permits - (taken.size() - gone(now));
        }

        @Override
        void take(long now, long cost) {
            List<Long> gone = taken.subList(0, gone(now));
            if (gone.stream().distinct().count() > LEFT_OVER) {
                gone.clear();
            }
            long at = Math.max(at(now), newest());
            for (int i = 0; i < cost; i++) {
                taken.add(at);
            }
            expire(now, at + period - now);
        }

        @Override
        void forget() {
            kept = new ArrayList<>();
        }

        @Override
        long waitFor(long now, long cost) {
            int gone = gone(now);
            int tooMany = (int) (taken.size() - gone + cost - permits);
            return tooMany <= 0 ? 0 : taken.get(gone + tooMany - 1) + period - now;
        }

        @Override
        long reset(long now, long cost) {
            return gone(now) == taken.size() ? 0 : taken.get(taken.size() - 1) + period - now;
        }

        @Override
        long slack() {
            return countsInCells ? cell : 1;
        }

        private long newest() {
            return taken.isEmpty() ? 0 : taken.get(taken.size() - 1);
        }

        /** Returns how many have left the window. */
        private int gone(long now) {
            int gone = 0;
            while (gone < taken.size() && taken.get(gone) <= now - period) {
                gone++;
            }
            return gone;
        }

        private long at(long now) {
            return permits > 256 ? ceil(now, cell) * cell : now;
        }
    }
}
