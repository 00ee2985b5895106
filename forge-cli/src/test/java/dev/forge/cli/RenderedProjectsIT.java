package dev.forge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every combination of features compiles, main and test sources, with the dependencies of its own pom. A left-over of a
 * feature in a project without it would not compile.
 */
@Tag("slow")
class RenderedProjectsIT {
    private static final List<String> OPTIONS = List.of("--no-redis", "--no-worker", "--no-docker");
    private static final int SECONDS = 600;

    /** Eight compilations of a few files each end before a second compiler would pay. */
    private static final Map<String, String> QUICK_START = Map.of("MAVEN_OPTS", "-XX:TieredStopAtLevel=1");

    @TempDir
    Path directory;

    @Test
    void allEightCompile() throws Exception {
        List<String> names = new ArrayList<>();
        for (int bits = 0; bits < 1 << OPTIONS.size(); bits++) {
            names.add(render("shop_" + bits, bits));
        }
        Files.writeString(directory.resolve("pom.xml"), aggregator(names));

        ForgeProcess maven = ForgeProcess.start(directory, QUICK_START, maven("test-compile"));

        assertThat(maven.exit(SECONDS)).as(maven.output() + maven.errors()).isZero();
        for (String name : names) {
            Path packages = directory.resolve(name).resolve("target");
            assertThat(packages.resolve("classes/org/acme/shop/Application.class"))
                    .exists();
            assertThat(packages.resolve("test-classes/org/acme/shop/TestApplication.class"))
                    .exists();
        }
    }

    private String render(String name, int bits) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("init", name, "--package", "org.acme.shop"));
        for (int i = 0; i < OPTIONS.size(); i++) {
            if ((bits >> i & 1) == 1) {
                arguments.add(OPTIONS.get(i));
            }
        }
        ForgeProcess forge = ForgeProcess.jar(directory, Map.of(), arguments.toArray(String[]::new));
        assertThat(forge.exit(30)).as(forge.errors()).isZero();
        return name;
    }

    /** Maven as it was started for this build: the same program and the same local repository. */
    private static List<String> maven(String goal) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("forge.maven", "mvn"), "-B", "-q", "-ntp"));
        String repository = System.getProperty("forge.maven.repository", "");
        if (!repository.isEmpty()) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        command.add(goal);
        return command;
    }

    private static String aggregator(List<String> modules) {
        StringBuilder pom = new StringBuilder("<project><modelVersion>4.0.0</modelVersion><groupId>org.acme</groupId>"
                + "<artifactId>all</artifactId><version>1</version><packaging>pom</packaging><modules>");
        modules.forEach(module -> pom.append("<module>").append(module).append("</module>"));
        return pom.append("</modules></project>").toString();
    }
}
