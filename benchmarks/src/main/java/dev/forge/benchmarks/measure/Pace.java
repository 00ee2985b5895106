package dev.forge.benchmarks.measure;

import java.time.Duration;

/**
 * The number and length of rounds.
 *
 * @param rounds the number of turns of each peer in a scenario
 * @param round the length of a turn
 * @param warmUp the time that each peer runs before the first round of a scenario
 * @param firstWarmUp the same, for the first scenario in a JVM: code has to be compiled
 */
public record Pace(int rounds, Duration round, Duration warmUp, Duration firstWarmUp) {

    /** For a short run: six or seven minutes for everything. */
    public static final Pace QUICK =
            new Pace(3, Duration.ofMillis(200), Duration.ofMillis(300), Duration.ofMillis(1_500));

    /** For figures to keep: about 40 minutes for everything. */
    public static final Pace FULL = new Pace(9, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5));

    /** Checks that there is at least one round. */
    public Pace {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be at least 1, but was " + rounds);
        }
    }

    /** Returns this pace with another number of rounds. */
    public Pace withRounds(int rounds) {
        return new Pace(rounds, round, warmUp, firstWarmUp);
    }
}
