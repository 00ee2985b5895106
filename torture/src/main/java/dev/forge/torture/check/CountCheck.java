package dev.forge.torture.check;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * At most once: a counter has at least as many increments as were answered, and at most those and the unknown ones.
 *
 * <p>Each counter is used from one fault to the next, so that few increments are unknown, and no two have the same
 * answer. If data were lost, only the upper bound holds. Thread-safe.
 */
public final class CountCheck {

    static final String PROMISE = "at most once";

    private static final Tally NONE = new Tally();

    private final Violations violations;
    private final Map<String, Tally> tallies = new HashMap<>();

    private static final class Tally {
        private final BitSet answers = new BitSet();
        private final BitSet repeated = new BitSet();
        private int pending;
        private long ok;
        private long unknown;
    }

    public CountCheck(Violations violations) {
        this.violations = violations;
    }

    /** Records that an increment of {@code counter} is about to be made. */
    public synchronized void begin(String counter) {
        tallies.computeIfAbsent(counter, name -> new Tally()).pending++;
    }

    /** Records how it ended; {@code answer} is the new count, if there is one. It counts until {@link #check}. */
    public synchronized void end(String counter, Outcome outcome, long answer) {
        Tally tally = tallies.get(counter);
        if (tally == null) {
            return;
        }
        tally.pending--;
        notifyAll();
        if (outcome == Outcome.OK) {
            tally.ok++;
            if (answer < 1 || answer > Integer.MAX_VALUE) {
                violations.add(PROMISE, counter + " was answered " + answer + ", which cannot be");
            } else if (tally.answers.get((int) answer)) {
                tally.repeated.set((int) answer);
            } else {
                tally.answers.set((int) answer);
            }
        } else if (outcome == Outcome.UNKNOWN || outcome == Outcome.CANCELLED || outcome == Outcome.OTHER) {
            tally.unknown++;
        }
    }

    /** Waits until no increment of {@code counter} is in flight. */
    public synchronized void awaitEnds(String counter, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (tallies.getOrDefault(counter, NONE).pending > 0 && System.nanoTime() < end) {
            wait(20);
        }
    }

    /**
     * Compares the count in Redis with the answers to the callers, and forgets the counter.
     *
     * <p>{@code lostNothing} applies to the whole life of the counter: one that Redis set back gives an answer twice.
     */
    public synchronized void check(String counter, long value, boolean lostNothing) {
        Tally tally = tallies.remove(counter);
        if (tally == null) {
            return;
        }
        if (value > tally.ok + tally.unknown) {
            violations.add(
                    PROMISE,
                    counter + " is " + value + " after " + tally.ok + " answered and " + tally.unknown + " unknown");
        }
        if (lostNothing && !tally.repeated.isEmpty()) {
            violations.add(PROMISE, counter + " gave these answers twice: " + tally.repeated);
        }
        if (lostNothing && value < tally.ok) {
            violations.add(PROMISE, counter + " is " + value + " although " + tally.ok + " were answered");
        }
    }
}
