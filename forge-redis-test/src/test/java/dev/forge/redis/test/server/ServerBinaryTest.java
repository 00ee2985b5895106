package dev.forge.redis.test.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.ChildJvm;
import dev.forge.redis.test.ServerHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for servers from JVMs with their own PATH, of scripts that run the bundled server or do not run. */
class ServerBinaryTest {
    @TempDir
    private Path temporary;

    @Test
    void aServerOnThePathIsPreferred() throws IOException, InterruptedException {
        Path server = server("first", "redis-server");
        server("second", "redis-server");

        assertThat(serverUsed(onPath("first", "second"))).startsWith(server + "|7.0.");
    }

    @Test
    void valkeyIsUsedIfThereIsNoRedis() throws IOException, InterruptedException {
        server("first", "valkey-server");

        assertThat(serverUsed(onPath("first"))).startsWith(temporary.resolve("first/valkey-server") + "|");

        server("second", "redis-server");

        assertThat(serverUsed(onPath("first", "second"))).startsWith(temporary.resolve("second/redis-server") + "|");
    }

    @Test
    void aBrokenServerOnThePathIsSkippedWithAWarning() throws IOException, InterruptedException {
        script("first", "redis-server", "echo cannot open shared object file; exit 127");
        Path second = Files.writeString(directory("second").resolve("redis-server"), "no program");
        assertThat(second.toFile().setExecutable(true)).isTrue();
        script("third", "redis-server", "echo hello");

        try (ChildJvm child = onPath("first", "second", "third").start("hold")) {
            child.release();

            assertThat(child.readAll())
                    .contains("WARNING")
                    .contains("cannot open shared object file")
                    .contains(second.toString())
                    .contains("answered \"hello\"")
                    .contains("\n" + temporary + "/forge-redis-test-");
        }
    }

    @Test
    void thePropertyOverridesThePath() throws IOException, InterruptedException {
        server("first", "redis-server");
        Path chosen = server("elsewhere", "my-redis");

        assertThat(serverUsed(onPath("first").property(ServerBinary.PROPERTY, chosen.toString())))
                .startsWith(chosen + "|");
        assertThat(serverUsed(onPath("first").property(ServerBinary.PROPERTY, "bundled")))
                .startsWith(temporary + "/forge-redis-test-");
    }

    @Test
    void aBrokenChoiceIsAnErrorAndNotSkipped() throws IOException, InterruptedException {
        try (ChildJvm child = onPath("none")
                .property(ServerBinary.PROPERTY, "/no/such/redis-server")
                .start("hold")) {
            child.release();

            assertThat(child.readAll())
                    .contains("The server that the system property forge.redis.test.server names does not run")
                    .contains("/no/such/redis-server")
                    .contains("or to bundled");
        }
    }

    @Test
    void reportsWhatItLookedForIfThereIsNoServer() throws IOException, InterruptedException {
        try (ChildJvm child = onPath("none").property("os.arch", "sparc").start("hold")) {
            child.release();

            assertThat(child.readAll())
                    .contains("neither redis-server nor valkey-server is on the PATH")
                    .contains("none is bundled for Linux on sparc")
                    .contains("Install one of them");
        }
    }

    @Test
    void comparesMajorVersionsAsNumbers() {
        ServerBinary binary = new ServerBinary(Path.of("redis-server"), "10.0.1");

        assertThat(binary.isAtLeast(7)).isTrue();
        assertThat(binary.isAtLeast(11)).isFalse();
    }

    private String serverUsed(ChildJvm.Launch launch) throws IOException, InterruptedException {
        try (ChildJvm child = launch.start("hold")) {
            return child.readLine();
        }
    }

    private ChildJvm.Launch onPath(String... directories) {
        String path = Arrays.stream(directories)
                .map(name -> temporary.resolve(name).toString())
                .collect(Collectors.joining(":"));
        return ChildJvm.of(ServerHolder.class, temporary).environment("PATH", path);
    }

    private Path server(String directory, String name) throws IOException {
        return script(
                directory, name, "exec " + BundledServer.here().orElseThrow().extract() + " \"$@\"");
    }

    private Path script(String directory, String name, String body) throws IOException {
        Path file = Files.writeString(directory(directory).resolve(name), "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectories(temporary.resolve(name));
    }
}
