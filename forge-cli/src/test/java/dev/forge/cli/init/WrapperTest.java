package dev.forge.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.cli.CommandRun;
import dev.forge.cli.RealTempDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code init --wrapper} with a fake Maven, which makes the files of the real one. */
class WrapperTest {
    private static final String PROPERTIES = ".mvn/wrapper/maven-wrapper.properties";
    private static final String MAKES_IT = "echo \"$PWD $*\" >>../../calls; mkdir -p .mvn/wrapper; echo made >mvnw;"
            + " echo made >mvnw.cmd; echo made >" + PROPERTIES;

    @TempDir(factory = RealTempDir.class)
    Path temporary;

    private Path directory;
    private Path programs;
    private Path shop;

    @BeforeEach
    void createDirectories() throws IOException {
        directory = Files.createDirectory(temporary.resolve("work"));
        programs = Files.createDirectory(temporary.resolve("programs"));
        shop = directory.resolve("shop");
        maven(MAKES_IT);
    }

    @Test
    void isMadeByMavenInTheProject() {
        CommandRun run = init("--wrapper", "--json");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEqualTo("Making the Maven wrapper with mvn wrapper:wrapper...\n");
        assertThat(run.out())
                .contains("\"wrapper\": true", "\"command\": \"forge init shop --wrapper -y\"")
                .doesNotContain("mvnw");
        assertThat(temporary.resolve("calls")).hasContent(shop + " -B -q -ntp -Dstyle.color=never wrapper:wrapper");
        assertThat(shop.resolve("mvnw")).hasContent("made");
    }

    @Test
    void isNotMadeUnlessTheUserWantsIt() {
        assertThat(init().err()).isEmpty();
        assertThat(init("--no-wrapper", "--force").err()).isEmpty();
        assertThat(init("--wrapper", "--force", "--dry-run").err()).isEmpty();

        assertThat(temporary.resolve("calls")).doesNotExist();
    }

    @Test
    void isAQuestionOnATerminal() {
        CommandRun run = CommandRun.answering("\n\n\n\n\n?\ny\n\n", directory, "init", "shop");

        assertThat(run.dialogue())
                .contains("Maven wrapper [y/N]:   Your Maven makes mvnw", "\n  with a Maven wrapper, made by Maven\n");
        assertThat(run.out()).endsWith("The same without questions: forge init shop --wrapper -y\n");
    }

    @Test
    void isRemovedByAnAnswerWithoutIt() {
        init("--wrapper");

        CommandRun run = init("--no-wrapper", "--force");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains(" 3 former ones removed");
        assertThat(shop.resolve("mvnw")).doesNotExist();
        assertThat(shop.resolve(".mvn")).doesNotExist();
    }

    @Test
    void isNotRemovedIfTheUserHasChangedIt() throws IOException {
        init("--wrapper");
        Files.writeString(shop.resolve(PROPERTIES), "mine");

        CommandRun run = init("--no-wrapper", "--force");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.errorLines().get(0)).endsWith("files that you have changed in shop: " + PROPERTIES);
        assertThat(shop.resolve("mvnw")).exists();
    }

    @Test
    void theCommandThatRepeatsIsWithoutOneToo() {
        init("--wrapper");

        CommandRun run = init("--no-wrapper", "--force", "--dry-run", "--json");

        assertThat(run.out()).contains(" --no-wrapper ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--wrapper", "--java=17"})
    void staysAsItIsWhenOtherAnswersChange(String option) throws IOException {
        init("--wrapper");
        Files.writeString(shop.resolve(PROPERTIES), "mine");

        CommandRun run = init("--no-docker", "--force", "--json", option);

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("\"wrapper\": true", " --wrapper ");
        assertThat(shop.resolve(PROPERTIES)).hasContent("mine");
        assertThat(shop.resolve("Dockerfile")).doesNotExist();

        Files.writeString(shop.resolve(PROPERTIES), "made\n");
        assertThat(init("--no-wrapper", "--force").out()).contains("former ones removed");
        assertThat(shop.resolve("mvnw")).doesNotExist();
    }

    @Test
    void isTheAnswerInBracketsOfAProjectThatHasIt() {
        init("--wrapper");

        CommandRun run = CommandRun.answering("\n\n\n\n\n\n\n", directory, "init", "shop", "--force");

        assertThat(run.dialogue()).contains("Maven wrapper [Y/n]: ");
        assertThat(run.exit()).isZero();
        assertThat(shop.resolve("mvnw")).exists();
    }

    @Test
    void isNotMadeAgainIfItHasBeenRemoved() throws IOException {
        init("--wrapper");
        Files.delete(shop.resolve("mvnw"));

        CommandRun run = init("--force");

        assertThat(run.err()).isEmpty();
        assertThat(shop.resolve("mvnw")).doesNotExist();
    }

    @Test
    void isTheUsersIfTheUserHasMadeIt() throws IOException {
        init();
        Files.writeString(shop.resolve("mvnw"), "mine");

        init("--wrapper", "--force");
        init("--force");

        assertThat(shop.resolve("mvnw")).hasContent("mine");
        assertThat(temporary.resolve("calls")).doesNotExist();
    }

    @Test
    void isNeverMadeThroughALink() throws IOException {
        Files.createDirectory(shop);
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.createSymbolicLink(shop.resolve(".mvn"), outside);

        CommandRun run = init("--wrapper", "--force");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void leavesTheProjectWholeWhenMavenFailsAndSaysWhatToType() throws IOException {
        maven("echo '[INFO] x'; printf '\\033[1m[ERROR]\\033[m no network\\n[ERROR] more\\n'; exit 1");

        CommandRun run = init("--wrapper");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.errorLines())
                .containsExactly(
                        "Making the Maven wrapper with mvn wrapper:wrapper...",
                        "forge: mvn wrapper:wrapper failed: no network; the project is written, without the Maven wrapper",
                        "Type: cd shop && mvn wrapper:wrapper");
        assertThat(run.out()).contains("Created shop: ");
        assertThat(init("--force").exit()).isZero();
    }

    @Test
    void saysThatThereIsNoMaven() throws IOException {
        Files.delete(programs.resolve("mvn"));

        CommandRun run = init("--wrapper");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.errorLines().get(1)).startsWith("forge: mvn is not on the PATH; the project is written");
        assertThat(shop.resolve("pom.xml")).exists();
    }

    private CommandRun init(String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "init";
        all[1] = "shop";
        System.arraycopy(options, 0, all, 2, options.length);
        return CommandRun.withPrograms(programs, directory, all);
    }

    private void maven(String script) throws IOException {
        Path program = Files.writeString(programs.resolve("mvn"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
