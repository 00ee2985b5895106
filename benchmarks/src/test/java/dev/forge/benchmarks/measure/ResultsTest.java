package dev.forge.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.benchmarks.peer.Library;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Metric METRIC = Metric.OPERATIONS;

    @Test
    void comparesPeersWithinEachRound() {
        // The machine was twice as fast in the second round; the ratio of the medians would be 1.5.
        Results results = new Results(List.of(
                of(Library.LETTUCE, 0, 100),
                of(Library.FORGE, 0, 150),
                of(Library.LETTUCE, 1, 200),
                of(Library.FORGE, 1, 320),
                of(Library.LETTUCE, 2, 100),
                of(Library.FORGE, 2, 170)));

        assertThat(results.ratio("work", Library.FORGE, Library.LETTUCE, METRIC))
                .contains(new Spread(1.6, 1.5, 1.7));
        assertThat(results.difference("work", Library.FORGE, Library.LETTUCE, METRIC))
                .contains(new Spread(70, 50, 120));
    }

    @Test
    void hasNoRatioToAMissingOrZeroValue() {
        Results results = new Results(List.of(of(Library.FORGE, 0, 1), of(Library.JEDIS, 0, 0)));

        assertThat(results.ratio("work", Library.FORGE, Library.LETTUCE, METRIC))
                .isEqualTo(Optional.empty());
        assertThat(results.ratio("work", Library.FORGE, Library.JEDIS, METRIC)).isEqualTo(Optional.empty());
    }

    @Test
    void hasTheMeanOfTwoAsTheirMedian() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(2.5, 1, 9));
    }

    private static Measurement of(Library peer, int round, double value) {
        return new Measurement("work", peer, round, METRIC, value);
    }
}
