package dev.forge.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.benchmarks.peer.Library;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private static final Measurement FIRST = of(Library.SPRING, 0, 12.5);
    private static final Measurement THIRD = of(Library.SPRING, 2, 0.05);
    private static final Measurement OTHER = of(Library.FORGE, 0, 39_112_149.123_4);

    @Test
    void readsTheLinesThatItWritesAndKeepsTheRounds() {
        List<Series> written = Series.of(new Results(List.of(FIRST, OTHER, THIRD)));

        List<Series> read =
                written.stream().map(Series::line).map(Series::parse).toList();

        assertThat(read).isEqualTo(written);
        assertThat(read)
                .flatExtracting(series -> series.measurements().toList())
                .containsExactly(FIRST, THIRD, of(Library.FORGE, 0, 39_112_149.12));
    }

    @Test
    void isALineForEachPeerAndMetricWithTenSignificantDigits() {
        Results results = new Results(List.of(of(Library.SPRING, 0, 49_967.979_852), THIRD));

        assertThat(Series.of(results))
                .singleElement()
                .extracting(Series::line)
                .isEqualTo("get, 8 threads\tSPRING\tP99\t49967.97985\t\t0.05");
    }

    private static Measurement of(Library peer, int round, double value) {
        return new Measurement("get, 8 threads", peer, round, Metric.P99, value);
    }
}
