package dev.forge.redis.test.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerDirectoryTest {
    @Test
    void closingEndsTheWatchedProcessAndRemovesEveryFile(@TempDir Path temporary) throws IOException {
        Path alongside = Files.createFile(temporary.resolve("with a space"));
        ServerDirectory directory = ServerDirectory.create(List.of(alongside));
        Files.writeString(Files.createDirectory(directory.file("sub")).resolve("file"), "content");
        Process process = new ProcessBuilder("sleep", "60").start();
        directory.watch(process.pid());

        directory.close();

        await().until(() -> !process.isAlive());
        assertThat(directory.path()).doesNotExist();
        assertThat(alongside).doesNotExist();
    }

    @Test
    void closingSparesAProcessThatIsNoLongerWatched() throws IOException {
        ServerDirectory directory = ServerDirectory.create(List.of());
        Process process = new ProcessBuilder("sleep", "60").start();
        directory.watch(process.pid());
        directory.unwatch();

        directory.close();

        assertThat(directory.path()).doesNotExist();
        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly();
    }

    @Test
    void aServerIsWatchedUntilItEndsByItself() {
        ServerBinary binary = ServerBinary.find();
        try (ServerDirectory directory = ServerDirectory.create(List.of())) {
            ServerConfiguration bad = new ServerConfiguration(
                    binary, 10_000, 10_000, List.of(Directive.of("no-such-directive", "x")), "secret");

            ServerProcess process = ServerProcess.launch(bad, directory);

            // Another process may soon have its pid.
            await().until(() -> !process.isAlive() && directory.watched().isEmpty());
        }
    }

    @Test
    void noServerRunsWithoutAWatchdog() throws IOException {
        ServerBinary binary = ServerBinary.find();
        List<ProcessHandle> others = ProcessHandle.current().children().toList();
        ServerDirectory directory = ServerDirectory.create(List.of());
        directory.close();
        Files.createDirectory(directory.path());

        assertThatThrownBy(() -> ServerProcess.launch(
                        new ServerConfiguration(binary, 10_000, 10_000, List.of(), "secret"), directory))
                .isInstanceOf(EmbeddedRedisException.class)
                .hasMessageContaining("could not be launched");

        await().untilAsserted(
                        () -> assertThat(ProcessHandle.current().children()).isSubsetOf(others));
        directory.close();
        assertThat(directory.path()).doesNotExist();
    }

    @Test
    void reportsWhereItCouldNotBeCreated() {
        String temporary = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", "/no/such/folder");
        try {
            assertThatThrownBy(() -> ServerDirectory.create(List.of()))
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageContaining("/no/such/folder");
        } finally {
            System.setProperty("java.io.tmpdir", temporary);
        }
    }
}
