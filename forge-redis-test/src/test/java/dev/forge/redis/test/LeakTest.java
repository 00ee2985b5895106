package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeakTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int SERVERS = 50;

    @Test
    void fiftyServersLeaveNoThreadNoDescriptorAndNoProcess() throws IOException {
        assumeThat(DESCRIPTORS).isDirectory();
        EmbeddedRedis.start().close();
        long descriptors = descriptors();
        List<String> threads = threads();
        List<ProcessHandle> children = ProcessHandle.current().children().toList();

        for (int count = 0; count < SERVERS; count++) {
            EmbeddedRedis.start().close();
        }

        await().pollInSameThread().untilAsserted(() -> {
            assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
            assertThat(threads()).isSubsetOf(threads);
            assertThat(ProcessHandle.current().children()).isSubsetOf(children);
        });
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> files = Files.list(DESCRIPTORS)) {
            return files.count();
        }
    }

    /** All threads but those of the two JDK pools that wait for processes, which end after an idle minute. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.equals("process reaper") && !name.startsWith("ForkJoinPool.commonPool"))
                .toList();
    }
}
