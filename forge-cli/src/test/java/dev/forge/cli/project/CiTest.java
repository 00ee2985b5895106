package dev.forge.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The files that make another machine build and test the project. */
class CiTest {
    private static final Set<Feature> ALL = EnumSet.allOf(Feature.class);
    private static final String WORKFLOW = ".github/workflows/verify.yml";
    private static final String PIPELINE = ".gitlab-ci.yml";

    static Stream<Set<Feature>> all() {
        return Combinations.all();
    }

    @ParameterizedTest
    @EnumSource(Ci.class)
    void addsOneFileThatRunsMavensVerify(Ci ci) {
        SortedMap<String, String> without = Combinations.texts(Combinations.render(ALL, Ci.NONE));
        SortedMap<String, String> with = Combinations.texts(Combinations.render(ALL, ci));

        Set<String> added = new TreeSet<>(with.keySet());
        added.removeAll(without.keySet());
        assertThat(added)
                .isEqualTo(
                        switch (ci) {
                            case GITHUB -> Set.of(WORKFLOW);
                            case GITLAB -> Set.of(PIPELINE);
                            case NONE -> Set.of();
                        });
        assertThat(added)
                .allSatisfy(path -> assertThat(with.get(path))
                        .contains("mvn --batch-mode --no-transfer-progress verify\n")
                        .doesNotContain("17"));
        with.keySet().removeAll(added);
        assertThat(with).isEqualTo(without);
    }

    /** Redis comes from Maven Central with the tests, so no file names a service, whatever the features. */
    @ParameterizedTest
    @MethodSource("all")
    void isTheSameForAllFeatures(Set<Feature> features) {
        for (Ci ci : List.of(Ci.GITHUB, Ci.GITLAB)) {
            SortedMap<String, String> files = Combinations.texts(Combinations.render(features, ci));
            String path = ci == Ci.GITHUB ? WORKFLOW : PIPELINE;

            assertThat(files.get(path))
                    .isEqualTo(Combinations.texts(Combinations.render(ALL, ci)).get(path));
            assertThat(files.get(path)).doesNotContainPattern("(?i)redis|docker|worker|services:");
        }
    }

    @Test
    void workflowPinsEveryActionToACommitAndNamesItsTag() {
        List<String> uses = text(WORKFLOW, Ci.GITHUB)
                .lines()
                .filter(line -> line.contains("uses:"))
                .toList();

        assertThat(uses)
                .hasSize(2)
                .allMatch(line -> line.matches(" +- uses: actions/[a-z-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
    }

    @Test
    void workflowMayOnlyReadTheRepositoryAndLeavesNoTokenBehind() {
        Map<String, Object> workflow = new Yaml().load(text(WORKFLOW, Ci.GITHUB));

        assertThat(workflow).containsEntry("permissions", Map.of("contents", "read"));
        assertThat(text(WORKFLOW, Ci.GITHUB))
                .containsOnlyOnce("permissions:")
                .contains("persist-credentials: false")
                .doesNotContain("secrets", "${{");
    }

    @Test
    void usesTheJavaOfTheProjectAndKeepsWhatMavenDownloads() {
        assertThat(text(WORKFLOW, Ci.GITHUB)).contains("          java-version: 21\n", "          cache: maven\n");
        assertThat(text(PIPELINE, Ci.GITLAB))
                .contains("image: maven:3-eclipse-temurin-21\n", "paths: [.m2/repository]\n");
    }

    private static String text(String path, Ci ci) {
        return Combinations.texts(Combinations.render(ALL, ci)).getOrDefault(path, "");
    }
}
