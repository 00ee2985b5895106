package dev.forge.torture.check;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Never more than the limit in any window, and never a refusal while there is room: for one subject.
 *
 * <p>Redis decided at some time between the call and its answer. So a set of permits surely fell into one window if
 * less than its length lies between the first call and the last answer. A permit surely did not fall into the window
 * before a refusal if its answer came at least that length before the refused call. Thread-safe.
 */
public final class WindowCheck {

    static final String PROMISE = "never above the limit in any window";
    static final String ROOM = "no refusal while there is room";

    private static final int MOST_KEPT = 500;

    private record Taken(long from, long to, boolean surely) {}

    private final Violations violations;
    private final String subject;
    private final int permits;
    private final long periodNanos;
    private final Deque<Taken> taken = new ArrayDeque<>();
    private int underWay;

    public WindowCheck(Violations violations, String subject, int permits, Duration period) {
        this.violations = violations;
        this.subject = subject;
        this.permits = permits;
        this.periodNanos = period.toNanos();
    }

    /** A call is about to be made. */
    public synchronized void begin() {
        underWay++;
    }

    /** A call has ended without a decision. */
    public synchronized void ignored() {
        underWay--;
    }

    /** A call between the two times was allowed by the count. */
    public synchronized void allowed(long from, long to) {
        underWay--;
        keep(new Taken(from, to, true));
        // The newest known answer ends the window; a later answer of an earlier call ends its own window.
        int inside = 0;
        for (Taken each : taken) {
            if (each.surely && each.from > to - periodNanos && each.to <= to) {
                inside++;
            }
        }
        if (inside > permits) {
            violations.add(
                    PROMISE,
                    subject + " was allowed " + inside + " times of " + permits + " within " + periodNanos / 1_000_000
                            + " ms");
        }
    }

    /** A call failed, so that it is unknown whether and when it took a permit. */
    public synchronized void unknown(long from, long to) {
        underWay--;
        keep(new Taken(from, to, false));
    }

    /** A call between the two times was denied by the count. */
    public synchronized void denied(long from, long to, long latestZombieNanos) {
        underWay--;
        // Earlier decisions of Redis may reach their callers after this.
        int possible = underWay;
        for (Taken each : taken) {
            if (each.to + (each.surely ? 0 : latestZombieNanos) > from - periodNanos && each.from < to) {
                possible++;
            }
        }
        if (possible < permits) {
            violations.add(ROOM, subject + " was denied with at most " + possible + " of " + permits + " taken");
        }
    }

    /** Redis has lost some or all counts: permits taken before may count or not. */
    public synchronized void forget(long now) {
        taken.clear();
        for (int i = 0; i < permits; i++) {
            taken.add(new Taken(now, now, false));
        }
    }

    private void keep(Taken one) {
        taken.addLast(one);
        if (taken.size() > MOST_KEPT) {
            Iterator<Taken> oldest = taken.iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
