package dev.forge.cli.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.forge.cli.CommandRun;
import dev.forge.cli.FreePorts;
import dev.forge.cli.RealTempDir;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init --run} with a fake Maven. */
class FirstRunTest {
    @TempDir(factory = RealTempDir.class)
    Path temporary;

    private Path directory;
    private Path programs;

    @BeforeEach
    void createDirectories() throws IOException {
        directory = Files.createDirectory(temporary.resolve("work"));
        programs = Files.createDirectory(temporary.resolve("programs"));
    }

    @Test
    void startsTheServiceOnItsPortAndReturnsTheExitCodeOfMaven() throws IOException {
        maven("echo '[INFO] Scanning'; pwd; echo \"$SERVER_PORT $MANAGEMENT_PORT $*\"; exit 7");
        int port = FreePorts.two();

        CommandRun run =
                CommandRun.withPrograms(programs, directory, "init", "shop", "--run", "--port", Integer.toString(port));

        assertThat(run.exit()).isEqualTo(7);
        assertThat(run.out())
                .endsWith("\n" + directory.resolve("shop") + "\n" + port + " " + (port + 1)
                        + " -B spring-boot:test-run\n")
                .doesNotContain("Scanning");
        assertThat(run.out())
                .contains(
                        "\n  SERVER_PORT=" + port + " MANAGEMENT_PORT=" + (port + 1) + " mvn spring-boot:test-run ",
                        "\n  curl 'http://localhost:" + port + "/cached-data?key=hello' ");
        assertThat(run.err()).contains("Building and starting shop with Maven. Ctrl-C stops it.");
    }

    @Test
    void reportsThatMavenIsMissing() {
        CommandRun run = CommandRun.withPrograms(programs, directory, "init", "shop", "--run");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.errorLines())
                .containsExactly(
                        "forge: mvn is not on the PATH; the project is written",
                        "Type: cd shop && mvn spring-boot:test-run # with Maven 3.8 or later: https://maven.apache.org/install.html");
        assertThat(directory.resolve("shop/pom.xml")).exists();
    }

    @Test
    void doesNotBuildForALaterJavaThanThatOfTheMachine() throws IOException {
        int jdk = Runtime.version().feature();
        assumeThat(jdk).isLessThan(25);
        maven("echo started");

        CommandRun run = CommandRun.withPrograms(programs, directory, "init", "shop", "--run", "--java", "25");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.errorLines())
                .containsExactly(
                        "forge: --run builds with this JDK, which is " + jdk + ", and so not for Java 25",
                        "Type: forge init shop --java " + (jdk < 21 ? 17 : 21) + " --run");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void reportsThatThePortIsInUseAndSuggestsAFreeOne() throws IOException {
        maven("echo started");
        try (ServerSocket server = new ServerSocket(0)) {
            int port = server.getLocalPort();

            CommandRun run = CommandRun.withPrograms(
                    programs, directory, "init", "shop", "--run", "--port", Integer.toString(port));

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.errorLines()).hasSize(2);
            assertThat(run.errorLines().get(0)).isEqualTo("forge: port " + port + " is in use; the project is written");
            assertThat(run.errorLines().get(1))
                    .matches(
                            "Type: cd shop && SERVER_PORT=(\\d+) MANAGEMENT_PORT=\\d+ mvn spring-boot:test-run # or, with init: --port \\1");
            assertThat(run.out()).doesNotContain("started");
        }
        assertThat(directory.resolve("shop/pom.xml")).exists();
    }

    @Test
    void reportsThatThePortOfTheHealthCheckIsInUse() throws IOException {
        maven("echo started");
        int port = FreePorts.two();
        try (ServerSocket server = new ServerSocket(port + 1)) {
            int health = server.getLocalPort();

            CommandRun run = CommandRun.withPrograms(
                    programs, directory, "init", "shop", "--run", "--port", Integer.toString(port));

            assertThat(run.errorLines().get(0))
                    .isEqualTo("forge: port " + health + " is in use; the project is written");
            assertThat(run.out()).doesNotContain("started");
        }
    }

    private void maven(String script) throws IOException {
        Path program = Files.writeString(programs.resolve("mvn"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
