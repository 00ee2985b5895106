package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.test.EmbeddedRedis;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StampedeTest {

    private static final int PROCESSES = 4;
    private static final int CALLERS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void loadsOnceForAThousandCallersInEachOfFourProcesses() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            List<Process> processes = start(server, Stampede.LOAD.toMillis());
            server.command("SET", Stampede.GO, "1");

            for (int i = 0; i < PROCESSES; i++) {
                assertThat(processes.get(i).waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(Files.readString(output(i))).contains("answered: " + CALLERS);
            }
            assertLoads(server, 1);
        }
    }

    @Test
    void loadsOnceMoreWhenTheProcessThatLoadsDies() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            List<Process> processes = start(server, 4_000);
            server.command("SET", Stampede.GO, "1");
            await().atMost(PATIENCE)
                    .until(() -> String.valueOf(server.command("GET", Stampede.LOADS))
                            .equals("1"));
            String holder = String.valueOf(server.command("GET", Stampede.HOLDER));
            for (Process process : processes) {
                if (Long.toString(process.pid()).equals(holder)) {
                    process.destroyForcibly();
                }
            }

            int answered = 0;
            for (int i = 0; i < PROCESSES; i++) {
                assertThat(processes.get(i).waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                answered += Files.readString(output(i)).contains("answered: " + CALLERS) ? 1 : 0;
            }
            assertThat(answered).isEqualTo(PROCESSES - 1);
            assertLoads(server, 2);
        }
    }

    /** A machine that pauses for long loses some leases; their values are refused. */
    private static void assertLoads(EmbeddedRedis server, long expected) {
        long lost = Long.parseLong(server.command("GET", Stampede.LOST));
        assertThat(Long.parseLong(server.command("GET", Stampede.LOADS)))
                .as("lost %d", lost)
                .isBetween(expected, expected + lost);
    }

    private List<Process> start(EmbeddedRedis server, long loadMillis) throws IOException {
        List<Process> processes = new ArrayList<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (int i = 0; i < PROCESSES; i++) {
            File output = output(i).toFile();
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classPath,
                            Stampede.class.getName(),
                            server.url(),
                            Integer.toString(CALLERS),
                            Long.toString(loadMillis))
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start());
        }
        await().atMost(PATIENCE)
                .until(() ->
                        String.valueOf(server.command("GET", Stampede.READY)).equals(Integer.toString(PROCESSES)));
        return processes;
    }

    private Path output(int process) {
        return folder.resolve("process-" + process + ".txt");
    }
}
