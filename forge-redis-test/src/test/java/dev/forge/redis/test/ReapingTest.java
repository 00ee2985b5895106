package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.test.server.ServerBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends JVMs in every way; each has its temporary files in a directory that must be empty afterwards. */
@Tag("slow")
class ReapingTest {
    private static final int JVMS = 6;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path temporary;

    @Test
    void killedJvmsLeaveNoServerAndNoFile() throws IOException, InterruptedException {
        List<ChildJvm> children = new ArrayList<>();
        for (int count = 0; count < JVMS; count++) {
            children.add(start(count % 2 == 0 ? "hold" : "freeze"));
        }
        List<Long> servers = new ArrayList<>();
        for (ChildJvm child : children) {
            servers.add(serverPid(child));
        }

        for (ChildJvm child : children) {
            child.close();
        }

        assertThat(servers).hasSize(JVMS).doesNotHaveDuplicates();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(servers.stream().flatMap(pid -> ProcessHandle.of(pid).stream()))
                        .isEmpty());
        awaitNothingLeft();
    }

    @Test
    void jvmsKilledWhileTheyStartAndCloseServersLeaveNothing() throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);

        for (int count = 0; count < JVMS; count++) {
            try (ChildJvm child = start("churn")) {
                assertThat(child.readLine()).isEqualTo("begun");
                assertThat(child.runsFor(Duration.ofMillis(random.nextInt(150))))
                        .isTrue();
                child.kill();
            }
        }

        await("seed " + seed).atMost(LIMIT).untilAsserted(this::nothingIsLeft);
    }

    @Test
    void aKilledJvmLeavesNothingOfAClusterAndOfSentinels() throws IOException, InterruptedException {
        try (ChildJvm child = start("groups")) {
            assertThat(child.readLine()).isEqualTo("begun");
            assertThat(child.readLine()).isEqualTo("started");
            assertThat(child.children()).hasSize(2 * (2 + 3 + 3));

            child.kill();

            awaitNothingLeft();
        }
    }

    @Test
    void aJvmKilledWhileItStartsSentinelsAndAClusterLeavesNothing() throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);

        for (int count = 0; count < 3; count++) {
            try (ChildJvm child = start("groups")) {
                assertThat(child.readLine()).isEqualTo("begun");
                assertThat(child.runsFor(Duration.ofMillis(random.nextInt(1_000))))
                        .isTrue();
                child.kill();
            }
        }

        await("seed " + seed).atMost(LIMIT).untilAsserted(this::nothingIsLeft);
    }

    @Test
    void aTerminatedJvmLeavesNothing() throws IOException, InterruptedException {
        try (ChildJvm child = start("freeze")) {
            serverPid(child);

            child.terminate();

            awaitNothingLeft();
        }
    }

    @Test
    void aJvmThatEndsInOrderLeavesNothingAndPrintsNothing() throws IOException, InterruptedException {
        try (ChildJvm child = start("hold")) {
            serverPid(child);

            child.release();

            assertThat(child.readAll()).isEmpty();
            awaitNothingLeft();
        }
    }

    @Test
    void theJvmReplacesAKilledWatchdog() throws IOException, InterruptedException {
        try (ChildJvm child = start("hold")) {
            long server = serverPid(child);
            ProcessHandle watchdog = child.children()
                    .filter(process -> process.pid() != server)
                    .findFirst()
                    .orElseThrow();
            watchdog.destroyForcibly();
            await().atMost(LIMIT).until(() -> !watchdog.isAlive());

            child.release();

            awaitNothingLeft();
        }
    }

    @Test
    void aCleanerOfTemporaryFilesDoesNotHideAServer() throws IOException, InterruptedException {
        try (ChildJvm child = start("hold")) {
            String[] words = child.readLine().split("\\|", -1);
            long server = Long.parseLong(words[2]);
            Path directory = Path.of(words[3]);
            Files.delete(directory.resolve("redis.conf"));
            Files.delete(directory.resolve("log"));
            Files.delete(directory);

            child.kill();

            await().atMost(LIMIT).until(() -> ProcessHandle.of(server).isEmpty());
            awaitNothingLeft();
        }
    }

    @Test
    void theWatchdogOutlivesTheSignalsThatEndAProcessGroup() throws IOException, InterruptedException {
        try (ChildJvm child = start("hold")) {
            long server = serverPid(child);
            child.children().filter(process -> process.pid() != server).forEach(ProcessHandle::destroy);

            child.kill();

            awaitNothingLeft();
        }
    }

    /** With the bundled server, whose path is in the directory, so that {@link #nothingIsLeft} would find it. */
    private ChildJvm start(String argument) throws IOException {
        return ChildJvm.of(ServerHolder.class, temporary)
                .property(ServerBinary.PROPERTY, "bundled")
                .start(argument);
    }

    private static long serverPid(ChildJvm child) throws IOException {
        return Long.parseLong(child.readLine().split("\\|", -1)[2]);
    }

    private void awaitNothingLeft() {
        await().atMost(LIMIT).untilAsserted(this::nothingIsLeft);
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> !name.startsWith("forge-redis-test-") && !name.startsWith("hsperfdata"))
                    .isEmpty();
        }
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(command -> command.contains(temporary.toString()));
    }
}
