package dev.forge.redis.ratelimit;

import java.util.ArrayList;
import java.util.List;

/** What a limit should answer, told by the plainest means: a list of all that was ever taken, and whole numbers. */
abstract class Oracle {

    final long permits;
    final long period;

    private Oracle(Limit limit) {
        this.permits = limit.permits();
        this.period = limit.periodMicros();
    }

    static Oracle of(Algorithm algorithm, Limit limit) {
        return switch (algorithm) {
            case SLIDING_WINDOW -> new Window(limit);
            case TOKEN_BUCKET -> new Bucket(limit);
            case FIXED_WINDOW -> new Fixed(limit);
        };
    }

    /** Looks at the clock, which may have been set back; what that changes is kept if {@code keeps}. */
    abstract void look(long now, boolean keeps);

    /** Returns how many permits are free, after the last look. */
    abstract long free(long now);

    abstract void take(long now, long cost);

    /** Returns how long until {@code cost} permits are free. */
    abstract long waitFor(long now, long cost);

    abstract long reset(long now);

    /** Returns how much longer than a period it may take until all is forgotten. */
    abstract long slack();

    static final class Bucket extends Oracle {
        private final long interval;
        private long full;
        private long kept;

        Bucket(Limit limit) {
            super(limit);
            this.interval = -Math.floorDiv(-period, permits);
        }

        @Override
        void look(long now, boolean keeps) {
            full = Math.min(Math.max(kept, now), now + permits * interval);
            // A clock that has only gone on changes nothing.
            if (keeps && full < kept) {
                kept = full;
            }
        }

        @Override
        long free(long now) {
            return (now + permits * interval - full) / interval;
        }

        @Override
        void take(long now, long cost) {
            full += cost * interval;
            kept = full;
        }

        @Override
        long waitFor(long now, long cost) {
            return Math.max(0, full + cost * interval - permits * interval - now);
        }

        @Override
        long reset(long now) {
            return full - now;
        }

        @Override
        long slack() {
            return permits;
        }
    }

    static final class Fixed extends Oracle {
        private long ends;
        private long used;
        private long keptEnds;
        private long keptUsed;

        Fixed(Limit limit) {
            super(limit);
        }

        @Override
        void look(long now, boolean keeps) {
            boolean over = keptEnds <= now;
            ends = over ? now + period : Math.min(keptEnds, now + period);
            used = over ? 0 : keptUsed;
            if (keeps && !over) {
                keptEnds = ends;
            }
        }

        @Override
        long free(long now) {
            return permits - used;
        }

        @Override
        void take(long now, long cost) {
            used += cost;
            keptUsed = used;
            keptEnds = ends;
        }

        @Override
        long waitFor(long now, long cost) {
            return used + cost > permits ? ends - now : 0;
        }

        @Override
        long reset(long now) {
            return used > 0 ? ends - now : 0;
        }

        @Override
        long slack() {
            return 0;
        }
    }

    static final class Window extends Oracle {
        private final long grain;
        private List<Long> kept = new ArrayList<>();
        private List<Long> taken = kept;

        Window(Limit limit) {
            super(limit);
            this.grain = permits > 256 ? -Math.floorDiv(-period, 256) : 1;
        }

        @Override
        void look(long now, boolean keeps) {
            taken = kept;
            long at = at(now);
            long newest = taken.isEmpty() ? 0 : taken.get(taken.size() - 1);
            if (newest > at) {
                taken = new ArrayList<>(kept);
                taken.removeIf(each -> each <= newest - period || Math.min(each, at) <= now - period);
                taken.replaceAll(each -> Math.min(each, at));
                if (keeps) {
                    kept = taken;
                }
            }
        }

        @Override
        long free(long now) {
            return permits - (taken.size() - gone(now));
        }

        @Override
        void take(long now, long cost) {
            for (int i = 0; i < cost; i++) {
                taken.add(at(now));
            }
        }

        @Override
        long waitFor(long now, long cost) {
            int gone = gone(now);
            int tooMany = (int) (taken.size() - gone + cost - permits);
            return tooMany <= 0 ? 0 : taken.get(gone + tooMany - 1) + period - now;
        }

        @Override
        long reset(long now) {
            return gone(now) == taken.size() ? 0 : taken.get(taken.size() - 1) + period - now;
        }

        @Override
        long slack() {
            return grain;
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
            return -Math.floorDiv(-now, grain) * grain;
        }
    }
}
