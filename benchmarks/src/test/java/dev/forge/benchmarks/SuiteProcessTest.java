package dev.forge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.peer.Library;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void reportsThatTlsNeedsAServerWithIt(@TempDir Path folder) throws Exception {
        Path withoutTls = folder.resolve("redis-server");
        Files.writeString(withoutTls, """
                #!/bin/sh
                [ "$1" = --version ] && echo "Redis server v=6.2.11" && exit
                echo "Bad directive: tls-port" && exit 1
                """);
        assumeTrue(withoutTls.toFile().setExecutable(true), "no POSIX permissions here");
        SuiteProcess process = process(Machine.current(OLD), Optional.of(withoutTls.toString()));

        assertThatThrownBy(() -> process.run(Suites.named("G15")))
                .isInstanceOf(NotMeasured.class)
                .hasMessage("not measured: its servers do not start here");
    }

    private static SuiteProcess process(Machine machine) {
        return process(machine, Optional.ofNullable(System.getProperty("forge.redis.test.server")));
    }

    private static SuiteProcess process(Machine machine, Optional<String> server) {
        return new SuiteProcess(machine, SuiteMainTest.SHORT, EnumSet.of(Library.LETTUCE, Library.FORGE), server);
    }
}
