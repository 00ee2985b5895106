package dev.forge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.peer.Library;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SuiteProcessTest {
    private static final Jdk OLD = new Jdk(Path.of(System.getProperty("java.home")), 17);

    @Test
    void returnsTheResultsOfAProcessOnOneCpu() throws Exception {
        Machine machine = Machine.current(OLD);
        assumeTrue(machine.pinning().isPresent(), "no taskset here");

        SuiteResult result = process(machine).run(Suites.named("G1"));

        assertThat(result.server()).matches("\\d+\\.\\d+.*");
        assertThat(result.java()).isEqualTo(Runtime.version().toString());
        assertThat(result.results().ratio("get, 1 thread, one CPU", Library.FORGE, Library.LETTUCE, Metric.OPERATIONS))
                .isPresent();
    }

    @Test
    void reportsThatVirtualThreadsNeedANewerJdk() {
        SuiteProcess process = process(Machine.current(OLD));

        assertThatThrownBy(() -> process.run(Suites.named("G3")))
                .isInstanceOf(NotMeasured.class)
                .hasMessage("not measured: needs JDK 21");
    }

    private static SuiteProcess process(Machine machine) {
        return new SuiteProcess(
                machine,
                SuiteMainTest.SHORT,
                EnumSet.of(Library.LETTUCE, Library.FORGE),
                Optional.ofNullable(System.getProperty("forge.redis.test.server")));
    }
}
