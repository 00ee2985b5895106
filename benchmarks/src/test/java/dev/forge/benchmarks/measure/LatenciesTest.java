package dev.forge.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void hasPercentilesWithinTwoPercent() {
        Latencies latencies = new Latencies();

        LongStream.rangeClosed(1, 1_000_000).forEach(latencies::record);

        assertThat(latencies.count()).isEqualTo(1_000_000);
        assertThat(latencies.micros(0.5)).isCloseTo(500, withinPercentage(2));
        assertThat(latencies.micros(0.99)).isCloseTo(990, withinPercentage(2));
        assertThat(latencies.maxMicros()).isEqualTo(1_000);
    }

    @Test
    void isExactForBucketsOfOneNanosecond() {
        Latencies latencies = new Latencies();

        LongStream.rangeClosed(1, 100).forEach(latencies::record);

        assertThat(latencies.micros(0.01)).isEqualTo(0.001);
        assertThat(latencies.micros(0.5)).isEqualTo(0.05);
        assertThat(latencies.micros(1)).isEqualTo(0.1);
    }

    @Test
    void lettuceDoesNotTimeItsCommands() {
        ClientResources resources = ClientResources.create();
        try {
            assertThatThrownBy(() -> Class.forName("org.LatencyUtils.LatencyStats"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThat(resources.commandLatencyRecorder().isEnabled()).isFalse();
        } finally {
            resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Test
    void isZeroIfNothingWasCounted() {
        assertThat(new Latencies().micros(0.99)).isZero();
    }

    @Test
    void addsUpThreads() {
        Latencies one = new Latencies();
        Latencies other = new Latencies();
        one.record(10_000);
        other.record(Long.MAX_VALUE);

        one.add(other);

        assertThat(one.count()).isEqualTo(2);
        assertThat(one.micros(0.5)).isCloseTo(10, withinPercentage(2));
        assertThat(one.maxMicros()).isGreaterThan(1e9);
    }
}
