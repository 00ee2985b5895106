package dev.forge.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.cli.CommandRun;
import dev.forge.cli.RealTempDir;
import dev.forge.cli.project.JavaVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InitCommandTest {
    @TempDir(factory = RealTempDir.class)
    Path directory;

    @Test
    void createsAProjectAndPrintsTheNextCommands() {
        CommandRun run = CommandRun.in(directory, "init", "my_project");

        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out().replaceAll("\\d+ files in \\d+ ms", "N files in T ms"))
                .isEqualTo("""
                        Created my_project: N files in T ms. Next:

                          cd my_project
                          mvn spring-boot:test-run                             # start it, on a Redis of its own; Ctrl-C stops it
                          curl 'http://localhost:8000/cached-data?key=hello'   # ask it, from another terminal
                          mvn compile                                          # after a change: it is live a few seconds later
                          POSTGRES_PASSWORD=secret docker compose up --build   # or run all of it in containers
                        """);
        assertThat(directory.resolve("my_project/src/main/java/com/example/myproject/Application.java"))
                .isRegularFile();
        assertThat(directory.resolve("my_project/README.md")).content().startsWith("# My Project\n");
        assertThat(directory.resolve("my_project/.forge/manifest.json")).isRegularFile();
        assertThat(directory.resolve("my_project/.forge/base.zip")).isRegularFile();
    }

    @Test
    void leavesOutUnwantedFeatures() {
        CommandRun run =
                CommandRun.in(directory, "init", "shop", "--no-redis", "--no-docker", "--package", "org.acme.x");

        assertThat(run.out()).contains("/users/1/profile").doesNotContain("docker", "Redis", "cached-data");
        assertThat(directory.resolve("shop/src/main/java/org/acme/x")).isDirectory();
        assertThat(directory.resolve("shop/docker-compose.yml")).doesNotExist();
        assertThat(directory.resolve("shop/.forge/repository")).doesNotExist();
        assertThat(directory.resolve("shop/pom.xml")).content().contains("<groupId>org.acme</groupId>");
    }

    @Test
    void usesTheCurrentDirectoryAndItsName() throws IOException {
        Path shop = Files.createDirectory(directory.resolve("shop"));

        CommandRun run = CommandRun.in(shop, "init", ".");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).doesNotContain("cd ");
        assertThat(shop.resolve("pom.xml")).content().contains("<artifactId>shop</artifactId>");
    }

    @Test
    void createsTheProjectInAnotherDirectory() throws IOException {
        Files.createDirectories(directory.resolve("work/my services"));

        CommandRun run = CommandRun.in(directory, "init", "shop", "--dir", "work/my services");

        assertThat(run.out()).contains("  cd 'work/my services/shop'\n");
        assertThat(directory.resolve("work/my services/shop/pom.xml")).isRegularFile();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "init my~app's|NAME must be lower-case words joined by single '-' or '_', starting with a letter and at most 63 characters long, but was \"my app's\"|forge init my-apps",
                "init ../x|NAME must be lower-case words joined by single '-' or '_', starting with a letter and at most 63 characters long, but was \"../x\"|forge init x --dir ..",
                "init up/X_Y --dir .. -y|NAME must be lower-case words joined by single '-' or '_', starting with a letter and at most 63 characters long, but was \"up/X_Y\"|forge init x_y --dir ../up -y",
                "init /x|NAME must be lower-case words joined by single '-' or '_', starting with a letter and at most 63 characters long, but was \"/x\"|forge init x",
                "init x/|NAME must be lower-case words joined by single '-' or '_', starting with a letter and at most 63 characters long, but was \"x/\"|forge init x",
                "init CON|NAME must not be a device name of Windows, but was \"CON\"|forge init con-app",
                "init|NAME is missing|forge init my_project",
                "init -y|NAME is missing|forge init my_project -y",
                "init --no-redis --run --port 9000|NAME is missing|forge init my_project --no-redis --run --port 9000",
                "init a b|only one NAME is allowed, but there is also \"b\"|forge init a",
                "init a --no-redis b a --dir .|only one NAME is allowed, but there is also \"b\"|forge init a --no-redis --dir .",
                "init a --no-rediss|Unknown option: '--no-rediss'; the nearest is --no-redis|forge init a --no-redis",
                "init a --portt 1|Unknown options: '--portt', '1'; the nearest is --port|forge init a --port 1",
                "init a --package|Missing required parameter for option '--package' (PACKAGE)|forge init --help",
                "init a --package com.class|--package must be Java identifiers (ASCII, no keyword) joined by '.', at most 120 characters long, but was \"com.class\"|forge init a --package com.classapp",
                "init a --group java.x|--group must not be below java or javax, but was \"java.x\"|forge init a --group x",
                "init a --java 18|--java must be 17, 21 or 25, but was \"18\"|forge init a --java 21",
                "init a --ci jenkins|--ci must be github, gitlab or none, but was \"jenkins\"|forge init a --ci none",
                "init A --no-worker --group java.x --force -y|NAME must be lower-case words joined by single '-' or '_', starting with a letter and at most 63 characters long, but was \"A\"|forge init a --group java.x --no-worker --force -y",
                "init a --dir nowhere|--dir must be an existing directory, but was \"nowhere\"|mkdir -p nowhere && forge init a --dir nowhere",
                "init a --run --json|--run does not go with --json|forge init a --run",
                "init a --run --dry-run|--run does not go with --dry-run|forge init a --run",
                "init a --port 9000|--port goes with --run only|forge init a --run --port 9000",
                "inti a --no-redis|there is no command \"inti\"; the nearest is init|forge init a --no-redis",
                "help inti|COMMAND must be one of init, features, completion, help, but was \"inti\"|forge help",
                "features --jsno|Unknown option: '--jsno'; the nearest is --json|forge features --json",
            })
    void answersAWrongCommandLineInTwoLinesAndDoesNothing(String line, String what, String type) {
        String[] arguments =
                Stream.of(line.split(" ")).map(word -> word.replace('~', ' ')).toArray(String[]::new);

        CommandRun run = CommandRun.in(directory, arguments);

        assertThat(run.errorLines()).containsExactly("forge: " + what, "Type: " + type);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void suggestsAPortThatIsNotRefusedAgain() {
        for (String[] arguments :
                new String[][] {{"init", "a", "--port", "99999"}, {"init", "a", "--port", "x", "--run"}}) {
            CommandRun run = CommandRun.in(directory, arguments);

            assertThat(run.errorLines().get(0)).startsWith("forge: --port must be between 1 and 65535");
            assertThat(run.errorLines().get(1)).matches("Type: forge init a --run --port \\d{4,5}");
            assertThat(run.exit()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u001b[31m", "größe", "a.", "a "})
    void answersInTwoLinesWhateverTheNameContains(String name) {
        CommandRun run = CommandRun.in(directory, "init", name);

        assertThat(run.errorLines()).hasSize(2);
        assertThat(run.err()).doesNotContain("\u001b");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesADirectoryWhoseNameCannotNameAProject() throws IOException {
        Path odd = Files.createDirectory(directory.resolve("My Shop"));

        CommandRun run = CommandRun.in(odd, "init", ".");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.errorLines().get(0)).startsWith("forge: the directory cannot name the project: NAME must be");
        assertThat(run.errorLines().get(1)).isEqualTo("Type: forge init my-shop --dir ..");
        assertThat(odd).isEmptyDirectory();
    }

    @Test
    void refusesToOverwriteAndSuggestsForce() throws IOException {
        Files.createDirectory(directory.resolve("shop"));
        Files.writeString(directory.resolve("shop/pom.xml"), "mine");

        CommandRun run = CommandRun.in(directory, "init", "shop", "--no-docker");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.errorLines())
                .containsExactly(
                        "forge: shop is not empty; this would overwrite pom.xml",
                        "Type: forge init shop --no-docker --force # writes over files of the same paths, deletes nothing");
        assertThat(directory.resolve("shop/pom.xml")).hasContent("mine");
    }

    @Test
    void overwritesWithForceAndDeletesNothing() throws IOException {
        Files.createDirectory(directory.resolve("shop"));
        Files.writeString(directory.resolve("shop/pom.xml"), "mine");
        Files.writeString(directory.resolve("shop/notes.txt"), "mine");

        CommandRun run = CommandRun.in(directory, "init", "shop", "--force");

        assertThat(run.exit()).isZero();
        assertThat(directory.resolve("shop/pom.xml")).content().contains("<artifactId>shop</artifactId>");
        assertThat(directory.resolve("shop/notes.txt")).hasContent("mine");
    }

    @Test
    void reportsWhatForceDoesNotOverwrite() throws IOException {
        Files.createSymbolicLink(directory.resolve("shop"), directory);

        CommandRun run = CommandRun.in(directory, "init", "shop", "--force");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.errorLines())
                .containsExactly(
                        "forge: shop is a symbolic link, and links are never followed",
                        "Type: forge init shop-2 --package com.example.shop # makes it beside that one, under another name");
    }

    @Test
    void dryRunListsEveryFileAndWritesNone() {
        CommandRun run = CommandRun.in(directory, "init", "shop", "--dry-run");

        assertThat(run.exit()).isZero();
        assertThat(run.out().lines()).contains("pom.xml", ".gitignore", ".forge/manifest.json");
        assertThat(run.out()).endsWith("files would go to " + directory.resolve("shop") + "\n");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void dryRunRefusesWhatTheRunWouldRefuse() throws IOException {
        Files.createDirectory(directory.resolve("shop"));
        Files.writeString(directory.resolve("shop/notes.txt"), "mine");

        assertThat(CommandRun.in(directory, "init", "shop", "--dry-run").exit()).isEqualTo(3);
        assertThat(CommandRun.in(directory, "init", "shop", "--dry-run", "--force")
                        .exit())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jsonHasEverythingThatAProgramNeeds(boolean dryRun) {
        CommandRun run = dryRun
                ? CommandRun.in(directory, "init", "shop", "--no-worker", "--json", "--dry-run")
                : CommandRun.in(directory, "init", "shop", "--no-worker", "--json");

        JsonNode json = new JsonMapper().readTree(run.out());
        assertThat(json.get("dryRun").asBoolean()).isEqualTo(dryRun);
        assertThat(json.get("target").asString())
                .isEqualTo(directory.resolve("shop").toString());
        assertThat(json.get("answers"))
                .isEqualTo(new JsonMapper()
                        .valueToTree(Map.of(
                                "name",
                                "shop",
                                "group",
                                "com.example",
                                "package",
                                "com.example.shop",
                                "java",
                                JavaVersion.usualOn(jdk()).number(),
                                "redis",
                                true,
                                "worker",
                                false,
                                "docker",
                                true,
                                "ci",
                                "none")));
        assertThat(json.get("next").valueStream().map(JsonNode::asString))
                .containsExactly(
                        "cd shop",
                        "mvn spring-boot:test-run",
                        "curl 'http://localhost:8000/cached-data?key=hello'",
                        "mvn compile",
                        "POSTGRES_PASSWORD=secret docker compose up --build");
        assertThat(json.get("command").asString()).isEqualTo("forge init shop --no-worker -y");
        List<String> files =
                json.get("files").valueStream().map(JsonNode::asString).toList();
        assertThat(files).contains("pom.xml", ".gitignore");
        assertThat(files)
                .allSatisfy(file -> assertThat(
                                Files.exists(directory.resolve("shop").resolve(file)))
                        .isNotEqualTo(dryRun));
    }

    @Test
    void jsonLeavesErrorsToStandardError() {
        CommandRun run = CommandRun.in(directory, "init", "..", "--json");

        assertThat(run.out()).isEmpty();
        assertThat(run.errorLines()).hasSize(2);
        assertThat(run.exit()).isEqualTo(2);
    }

    @Test
    void saysThatMavenCannotBuildInADirectoryWithAPercentSign() throws IOException {
        Path odd = Files.createDirectory(directory.resolve("feature%2Fx"));

        CommandRun run = CommandRun.in(odd, "init", "shop");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("  Maven cannot build it here", "feature%2Fx");
        assertThat(CommandRun.in(odd, "init", "plain", "--no-redis").out()).doesNotContain("cannot");
        assertThat(CommandRun.in(odd, "init", "shop", "--json", "--force").out())
                .contains("\"Maven cannot build it here");
        assertThat(CommandRun.in(directory, "init", "shop").out()).doesNotContain("cannot");
    }

    @Test
    void asksAgainForAPackageWithClassesOfLibraries() {
        CommandRun run = CommandRun.answering("org\norg.acme\n\n\n\n\n\n\n", directory, "init", "shop");

        assertThat(run.dialogue()).contains("must not have classes of Spring", "but was \"org\"; try org.shop\n");
        assertThat(run.exit()).isZero();
        assertThat(directory.resolve("shop/src/main/java/org/acme/Application.java"))
                .exists();
    }

    @Test
    void asksForMissingAnswersAndShowsTheCommandWithoutQuestions() {
        CommandRun run = CommandRun.answering(
                "My Shop\nmy_shop\n?\norg.acme.shop\n\nmaybe\nno\n\n\n\n", directory, "init", "--no-docker");

        assertThat(run.dialogue().replaceAll("\\d+ files", "N files")).isEqualTo("""
                        Enter takes the answer in brackets, ? explains the question.
                        Name of the project [my_project]:   NAME must be lower-case words joined by single '-' or '_', \
                        starting with a letter and at most 63 characters long, but was "My Shop"; try my-shop
                        Name of the project [my_project]: Package [com.example.myshop]: \
                          The Java package of all classes, such as org.acme.shop. The Maven groupId is the package above it, or --group.
                        Package [com.example.myshop]: Redis [Y/n]: \
                        Background tasks [Y/n]:   Answer y or n.
                        Background tasks [Y/n]: \
                        Continuous integration: github, gitlab or none [none]: \
                        Maven wrapper [y/N]: \

                          N files in %s
                          package org.acme.shop, groupId org.acme, Java %s
                          with: Redis
                          without: Background tasks, Docker files
                        Write it? [Y/n]: \
                        """.formatted(
                        directory.resolve("my_shop"), JavaVersion.usualOn(jdk()).number()));
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .endsWith(
                        "\nThe same without questions: forge init my_shop --package org.acme.shop --no-worker --no-docker -y\n");
        assertThat(directory.resolve("my_shop/src/main/java/org/acme/shop")).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 21, 25})
    void buildsForTheGivenVersionOfJava(int version) {
        CommandRun run = CommandRun.in(directory, "init", "shop", "--java", Integer.toString(version));

        assertThat(run.exit()).isZero();
        Path project = directory.resolve("shop");
        assertThat(project.resolve("pom.xml")).content().contains("<java.version>" + version + "</java.version>");
        assertThat(project.resolve("README.md")).content().contains("You need a JDK " + version + " or later");
        assertThat(project.resolve("Dockerfile"))
                .content()
                .contains("eclipse-temurin-" + version + " AS", "eclipse-temurin:" + version + "-jre");
    }

    @Test
    void showsTheVersionOfJavaInTheCommandUnlessItIsTheDefault() {
        int other = jdk() < 21 ? 21 : 17;

        CommandRun run = CommandRun.in(directory, "init", "shop", "--java", Integer.toString(other), "--json");

        assertThat(run.out())
                .contains("\"command\": \"forge init shop --java " + other + " -y\"", "\"java\": " + other);
    }

    private static int jdk() {
        return Runtime.version().feature();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-y", "--json"})
    void asksNothingWithTheseOptions(String option) {
        CommandRun run = CommandRun.answering("", directory, "init", "shop", option);

        assertThat(run.dialogue()).isEmpty();
        assertThat(run.exit()).isZero();
    }

    @Test
    void writesNothingWhenTheInputEnds() {
        CommandRun run = CommandRun.answering("shop\n", directory, "init");

        assertThat(run.exit()).isEqualTo(130);
        assertThat(run.errorLines())
                .containsExactly(
                        "forge: the questions were not answered; nothing was written", "Type: forge init shop -y");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void writesNothingWhenTheSummaryIsAnsweredWithNo() {
        CommandRun run = CommandRun.answering(
                "\n\n?\nno\n",
                directory,
                "init",
                "shop",
                "--package",
                "org.acme.x",
                "--no-redis",
                "--no-worker",
                "--docker");

        assertThat(run.exit()).isEqualTo(130);
        assertThat(run.dialogue()).contains("Yes writes the files above; no ends forge and changes nothing.");
        assertThat(run.errorLines())
                .containsExactly(
                        "forge: you answered no; nothing was written",
                        "Type: forge init shop --package org.acme.x --no-redis --no-worker");
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "x", "65536", "-1", "٣"})
    void refusesWhatIsNoPortAndSuggestsAFreeOne(String port) {
        CommandRun run = CommandRun.in(directory, "init", "shop", "--no-docker", "--run", "--port=" + port);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.errorLines().get(0)).startsWith("forge: --port must be between 1 and 65535, but was ");
        assertThat(run.errorLines().get(1)).matches("Type: forge init shop --no-docker --run --port 80\\d\\d");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void changesAProjectByForceAndSaysWhatThatDoes() throws IOException {
        CommandRun.in(directory, "init", "shop");
        Files.writeString(directory.resolve("shop/pom.xml"), "mine");
        Files.writeString(directory.resolve("shop/notes.txt"), "mine");

        CommandRun refused = CommandRun.in(directory, "init", "shop", "--no-worker", "--no-docker");
        CommandRun asked =
                CommandRun.answering("\n\n\n\n\n", directory, "init", "shop", "--no-worker", "--no-docker", "--force");
        CommandRun planned =
                CommandRun.in(directory, "init", "shop", "--no-worker", "--no-docker", "--force", "--dry-run");
        CommandRun forced = CommandRun.in(directory, "init", "shop", "--no-worker", "--no-docker", "--force");

        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.errorLines())
                .containsExactly(
                        "forge: shop is a project of forge already; you have changed pom.xml",
                        "Type: forge init shop --no-worker --no-docker --force"
                                + " # makes it again with these answers; files of your own stay");
        assertThat(asked.dialogue())
                .containsPattern("removes \\d+ files of the former project: Dockerfile, docker-compose.yml")
                .contains("replaces what you have written in pom.xml\nWrite it? [y/N]: ");
        assertThat(asked.exit()).isEqualTo(130);
        assertThat(planned.out())
                .contains("\nDockerfile (would be removed)\n", "\npom.xml (would lose what you have written)\n");
        assertThat(forced.exit()).isZero();
        assertThat(forced.out())
                .containsPattern("Changed shop: \\d+ files, \\d+ former ones removed, in ")
                .contains("Replaced what you had written in pom.xml");
        assertThat(directory.resolve("shop/Dockerfile")).doesNotExist();
        assertThat(directory.resolve("shop/notes.txt")).hasContent("mine");
    }

    @Test
    void namesTheChangedFilesThatWouldHaveToGo() throws IOException {
        CommandRun.in(directory, "init", "shop");
        Files.writeString(directory.resolve("shop/Dockerfile"), "mine");

        CommandRun run = CommandRun.in(directory, "init", "shop", "--no-docker", "--force");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.errorLines())
                .containsExactly(
                        "forge: the new project leaves out files that you have changed in shop: Dockerfile",
                        "Type: forge init shop-2 --package com.example.shop --no-docker"
                                + " # makes it beside that one, under another name");
        assertThat(directory.resolve("shop/docker-compose.yml")).exists();
    }

    @Test
    void namesFilesThatAPersonKnowsFirst() throws IOException {
        Path shop = Files.createDirectory(directory.resolve("shop"));
        Files.writeString(shop.resolve(".gitignore"), "");
        Files.writeString(shop.resolve("pom.xml"), "");
        Files.createDirectories(shop.resolve("src/main/resources"));
        Files.writeString(shop.resolve("src/main/resources/application.yml"), "");

        assertThat(CommandRun.in(directory, "init", "shop").errorLines().get(0))
                .isEqualTo(
                        "forge: shop is not empty; this would overwrite pom.xml, src/main/resources/application.yml, .gitignore");
    }

    @Test
    void theCommandWithoutQuestionsCreatesTheSameProject() throws IOException {
        Path asked = Files.createDirectory(directory.resolve("asked"));
        Path told = Files.createDirectory(directory.resolve("told"));
        CommandRun first =
                CommandRun.answering("shop\norg.acme.x\nn\ny\nn\ngitlab\nn\ny\n", asked, "init", "--group", "io.other");
        String command = first.out()
                .substring(first.out().indexOf("forge init") + "forge ".length())
                .strip();

        CommandRun second = CommandRun.in(told, command.split(" "));

        assertThat(second.exit()).isZero();
        assertThat(told.resolve("shop/.forge/manifest.json"))
                .hasSameBinaryContentAs(asked.resolve("shop/.forge/manifest.json"));
    }
}
