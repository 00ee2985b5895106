package dev.forge.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.cli.CommandRun;
import dev.forge.cli.RealTempDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code forge init --force} over a project with answers that are all unusual: they are the defaults then. */
class FormerAnswersTest {
    private static final String MANIFEST = ".forge/manifest.json";

    @TempDir(factory = RealTempDir.class)
    Path directory;

    private Path shop;

    @BeforeEach
    void createAProjectWithUnusualAnswers() {
        run("init shop --package org.acme.x --group io.other --java 25 --no-docker --ci gitlab --no-git");
        shop = directory.resolve("shop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--no-worker|org.acme.x io.other 25 true false false gitlab",
                "--docker --no-redis|org.acme.x io.other 25 false true true gitlab",
                "--package com.example.shop|com.example.shop com.example 25 true true false gitlab",
                "--package org.acme.x|org.acme.x org.acme 25 true true false gitlab",
                "--group com.example|org.acme.x com.example 25 true true false gitlab",
                "--java 21|org.acme.x io.other 21 true true false gitlab",
                "--ci none|org.acme.x io.other 25 true true false none",
            })
    void keepsWhatIsNotTypedAndPrintsACommandThatIsTrue(String typed, String expected) throws IOException {
        JsonNode planned = json("init shop --force --dry-run --json " + typed);
        String command = planned.get("command").asString().replaceFirst("^forge ", "");
        assertThat(run(command).exit()).isZero();
        String elsewhere = Files.createDirectory(directory.resolve("elsewhere")).toString();
        assertThat(run(command + " --dir " + elsewhere).exit()).isZero();

        assertThat(answers(planned.get("answers"))).isEqualTo(expected);
        assertThat(shop.resolve(MANIFEST)).hasSameBinaryContentAs(directory.resolve("elsewhere/shop/" + MANIFEST));
        assertThat(answers(manifest().get("answers"))).isEqualTo(expected);
        assertThat(json("init shop --force --json").get("answers"))
                .isEqualTo(manifest().get("answers"));
    }

    /** Such as a clone of its repository: a pipeline calls that directory what it likes. */
    @ParameterizedTest
    @ValueSource(strings = {"store", "My Shop"})
    void keepsThemAndTheNameInADirectoryOfAnotherName(String directoryName) throws IOException {
        Path renamed = Files.move(shop, directory.resolve(directoryName));

        CommandRun run = CommandRun.in(renamed, "init", ".", "--no-worker", "--force", "--json");

        JsonNode answers = new JsonMapper().readTree(run.out()).get("answers");
        assertThat(answers.get("name").asString()).isEqualTo("shop");
        assertThat(answers(answers)).isEqualTo("org.acme.x io.other 25 true false false gitlab");
        assertThat(renamed.resolve("pom.xml")).content().contains("<artifactId>shop</artifactId>");
    }

    @Test
    void suggestsALegalNameInADirectoryWithoutOne() throws IOException {
        run("init shop --docker --force --no-git");
        Files.writeString(shop.resolve("Dockerfile"), "# changed\n");
        Path renamed = Files.move(shop, directory.resolve("My Shop"));

        CommandRun run = CommandRun.in(renamed, "init", ".", "--no-docker", "--force");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.errorLines().get(1))
                .startsWith("Type: forge init shop-2 ")
                .contains(" --dir .. ");
    }

    @Test
    void changesTheNameIfThatIsTyped() throws IOException {
        Files.move(shop, directory.resolve("store"));

        assertThat(json("init store --force --json").get("answers").get("name").asString())
                .isEqualTo("store");
    }

    @Test
    void takesTheNameOfTheDirectoryIfThatOfTheProjectIsIllegal() throws IOException {
        Path manifest = shop.resolve(MANIFEST);
        Files.writeString(manifest, Files.readString(manifest).replace("\"shop\"", "\"../x\""));

        CommandRun run = CommandRun.in(shop, "init", ".", "--force", "--dry-run", "--json");

        assertThat(new JsonMapper()
                        .readTree(run.out())
                        .get("answers")
                        .get("name")
                        .asString())
                .isEqualTo("shop");
    }

    @Test
    void areTheDefaultsOfTheQuestions() {
        CommandRun run = CommandRun.answering("\n\nn\n\n\n\n\n", directory, "init", "shop", "--force", "--no-git");

        assertThat(run.dialogue())
                .contains(
                        "Package [org.acme.x]: ",
                        "Redis [Y/n]: ",
                        "Docker files [y/N]: ",
                        "gitlab or none [gitlab]: ",
                        "package org.acme.x, groupId io.other, Java 25");
        assertThat(run.out())
                .endsWith("The same without questions: forge init shop --package org.acme.x --group io.other"
                        + " --java 25 --no-worker --no-docker --ci gitlab --no-git --force -y\n");
    }

    @Test
    void anotherPackageImpliesTheGroupAboveItInAQuestionToo() {
        CommandRun run = CommandRun.answering("com.acme.y\n\n\n\n\n\n\n", directory, "init", "shop", "--force");

        assertThat(run.dialogue()).contains("package com.acme.y, groupId com.acme, Java 25");
    }

    @Test
    void ofAnOlderForgeLackWhatItDidNotAsk() throws IOException {
        Path manifest = shop.resolve(MANIFEST);
        String older = Files.readString(manifest)
                .replaceFirst("(?m)^ *\"java\":.*\\R", "")
                .replaceFirst("\"docker\": false,\\s*\"ci\": \"gitlab\"", "\"docker\": true");
        Files.writeString(manifest, older);

        JsonNode planned = json("init shop --force --dry-run --json --java 21");

        assertThat(older).doesNotContain("\"java\":", "\"ci\":");
        assertThat(answers(planned.get("answers"))).isEqualTo("org.acme.x io.other 21 true true true none");
        assertThat(json("init shop --force --dry-run --json")
                        .get("answers")
                        .get("java")
                        .asInt())
                .isEqualTo(17);
    }

    @Test
    void thatAreIllegalAreNotUsed() throws IOException {
        Path manifest = shop.resolve(MANIFEST);
        Files.writeString(manifest, Files.readString(manifest).replace("\"org.acme.x\"", "\"../x\""));

        JsonNode planned = json("init shop --force --dry-run --json --java 21 --no-worker");

        assertThat(answers(planned.get("answers"))).isEqualTo("com.example.shop com.example 21 true false true none");
    }

    @Test
    void areNotReadThroughALink() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), shop);

        CommandRun run = run("init link --force");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.errorLines().get(1)).startsWith("Type: forge init link-2 --package com.example.link #");
    }

    private CommandRun run(String line) {
        return CommandRun.in(directory, line.split(" "));
    }

    private JsonNode json(String line) {
        return new JsonMapper().readTree(run(line).out());
    }

    private JsonNode manifest() throws IOException {
        return new JsonMapper().readTree(Files.readString(shop.resolve(MANIFEST)));
    }

    private static String answers(JsonNode answers) {
        return String.join(
                " ",
                Stream.of("package", "group", "java", "redis", "worker", "docker", "ci")
                        .map(name -> answers.get(name).asString())
                        .toList());
    }
}
