package dev.forge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher in a checkout of its own, whose directory has a space in its name. A program that copies the real
 * jar replaces Maven, and counts its calls.
 */
class LauncherIT {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir(factory = RealTempDir.class)
    Path temporary;

    private Path checkout;
    private Path programs;

    @BeforeEach
    void createCheckout() throws IOException {
        checkout = temporary.resolve("a checkout");
        programs = Files.createDirectories(temporary.resolve("programs"));
        for (String module :
                List.of("forge-cli", "forge-redis", "forge-redis-test", "forge-redis-spring-boot-starter")) {
            source(module + "/pom.xml");
            source(module + "/src/main/java/A.java");
        }
        source("pom.xml");
        source("forge-service/pom.xml");
        source("forge-service/Dockerfile");
        Files.copy(ForgeProcess.root().resolve("forge"), checkout.resolve("forge"), StandardCopyOption.COPY_ATTRIBUTES);
        maven("""
                echo built >>"$COUNT"
                for i in $(seq 120); do echo "[INFO] Downloaded from central: https://x/$i (2 kB at 3 kB/s)"; done
                echo '[INFO] Building Forge command line 0.1.0     [5/5]'
                cp "$JAR" forge-cli/target/forge.jar
                """);
    }

    @Test
    void buildsOnFirstUseAndShowsIt() throws Exception {
        ForgeProcess run = forge("--version");

        assertThat(run.exit(30)).as(run.errors()).isZero();
        assertThat(run.output()).startsWith("forge 0.1.0").hasLineCount(1);
        assertThat(run.errors()).isEqualTo("""
                        Building forge (only when it is new or has changed)...
                          50 files downloaded so far
                          100 files downloaded so far
                          Forge command line 0.1.0 [5/5]
                        """);
    }

    @Test
    void buildsAgainOnlyAfterAChange() throws Exception {
        assertThat(forge("--version").exit(30)).isZero();
        ForgeProcess second = forge("--version");
        assertThat(second.exit(30)).isZero();
        assertThat(second.errors()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        for (String changed : List.of("pom.xml", "forge-service/Dockerfile", "forge-redis-test/src/main/java/A.java")) {
            Files.writeString(checkout.resolve(changed), "changed");
            int before = builds();
            assertThat(forge("--version").exit(30)).isZero();
            assertThat(builds()).as(changed).isEqualTo(before + 1);
        }
    }

    @Test
    void doesNotBuildAgainBecauseOfFilesThatTheServiceLeavesBehind() throws Exception {
        assertThat(forge("--version").exit(30)).isZero();
        for (String product : List.of("forge-service/target/A.class", "forge-service/data/app.mv.db")) {
            Files.createDirectories(checkout.resolve(product).getParent());
            Files.writeString(checkout.resolve(product), "new");
        }

        assertThat(forge("--version").exit(30)).isZero();

        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void runsThroughALinkFromAnotherDirectory() throws Exception {
        Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere"));
        Files.createSymbolicLink(elsewhere.resolve("absolute"), checkout.resolve("forge"));
        Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("absolute"));

        ForgeProcess run = start(elsewhere, Map.of(), "./relative", "init", "shop");

        assertThat(run.exit(30)).as(run.errors()).isZero();
        assertThat(elsewhere.resolve("shop/pom.xml")).exists();
    }

    @Test
    void suggestsCommandsByThePathItWasCalledBy() throws Exception {
        ForgeProcess run = start(temporary, Map.of(), checkout.resolve("forge").toString(), "init", "My Shop");

        assertThat(run.exit(30)).isEqualTo(2);
        assertThat(run.errors()).endsWith("\nType: '" + checkout.resolve("forge") + "' init my-shop\n");
    }

    @Test
    void buildsOnceWhenTwoStartAtTheSameTime() throws Exception {
        maven("""
                echo built >>"$COUNT"
                sleep 2
                cp "$JAR" forge-cli/target/forge.jar
                """);
        List<ForgeProcess> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(forge("--version"));
        }

        for (ForgeProcess run : runs) {
            assertThat(run.exit(30)).as(run.errors()).isZero();
            assertThat(run.output()).startsWith("forge 0.1.0");
        }
        assertThat(builds()).isEqualTo(1);
        assertThat(Files.exists(checkout.resolve("forge-cli/target/build.lock")))
                .isFalse();
    }

    @Test
    void takesOverTheLockOfADeadProcess() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createDirectories(checkout.resolve("forge-cli/target"));
        Files.createSymbolicLink(checkout.resolve("forge-cli/target/build.lock"), Path.of(Long.toString(gone.pid())));

        assertThat(forge("--version").exit(30)).isZero();
    }

    @Test
    void reportsWhyTheBuildFailedAndBuildsAgainNextTime() throws Exception {
        maven("echo '[INFO] fine'; echo '[ERROR] no such thing'; echo '[ERROR] more'; exit 1");

        ForgeProcess run = forge("--version");

        assertThat(run.exit(30)).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        Path log = checkout.resolve("forge-cli/target/build.log");
        assertThat(run.errors()).endsWith("forge: the build failed: no such thing\nType: less '" + log + "'\n");
        assertThat(log).content().contains("[ERROR] more");
        assertThat(forge("--version").exit(30)).isEqualTo(1);
    }

    @Test
    void reportsWhatIsMissing() throws Exception {
        Path home = temporary.resolve("jdk-11");
        Path old = Files.createDirectories(home.resolve("bin"));
        Files.writeString(old.resolveSibling("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        assertThat(Files.createFile(old.resolve("java")).toFile().setExecutable(true))
                .isTrue();

        ForgeProcess tooOld = start(checkout, Map.of("JAVA_HOME", home.toString()), "./forge");
        ForgeProcess nowhere = start(checkout, Map.of("JAVA_HOME", "/nowhere"), "./forge");

        assertThat(tooOld.exit(30)).isEqualTo(1);
        assertThat(tooOld.errors().lines()).hasSize(2);
        assertThat(tooOld.errors())
                .startsWith("forge: Java 17 or later is needed, and " + old.resolve("java") + " is 11\n");
        assertThat(nowhere.exit(30)).isEqualTo(1);
        assertThat(nowhere.errors()).startsWith("forge: JAVA_HOME is /nowhere, and there is no bin/java in it\nType: ");
    }

    private ForgeProcess forge(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("./forge"));
        command.addAll(List.of(arguments));
        return start(checkout, Map.of(), command.toArray(String[]::new));
    }

    private ForgeProcess start(Path directory, Map<String, String> environment, String... command) throws Exception {
        Path java = Path.of(ForgeProcess.java());
        Map<String, String> all = new HashMap<>(Map.of(
                "PATH", programs + ":" + System.getenv("PATH"),
                "JAVA_HOME", String.valueOf(java.resolve("../..").normalize()),
                "COUNT", temporary.resolve("count").toString(),
                "JAR", ForgeProcess.jar().toString()));
        all.putAll(environment);
        return ForgeProcess.start(directory, all, List.of(command));
    }

    private int builds() throws IOException {
        return Files.readAllLines(temporary.resolve("count")).size();
    }

    private void maven(String script) throws IOException {
        Path program = Files.writeString(programs.resolve("mvn"), "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private void source(String path) throws IOException {
        Path file = checkout.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "source");
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }
}
