package dev.forge.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** spring-boot-devtools is there in development only. {@code rendered-projects.sh} looks into the jar and the tests. */
class DevToolsTest {
    private static final Pattern DEPENDENCY =
            Pattern.compile("(?s)<dependency>(?:(?!</dependency>).)*spring-boot-devtools.*?</dependency>");

    static Stream<Set<Feature>> all() {
        return Combinations.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void isAnOptionalDependencyThatTheTestsDoNotHave(Set<Feature> features) {
        String pom = Combinations.text(features, "pom.xml");

        Matcher dependency = DEPENDENCY.matcher(pom);
        assertThat(dependency.find()).isTrue();
        assertThat(dependency.group()).contains("<scope>runtime</scope>", "<optional>true</optional>");
        assertThat(pom)
                .contains(
                        "<classpathDependencyExclude>org.springframework.boot:spring-boot-devtools</classpathDependencyExclude>")
                .doesNotContain("excludeDevtools", "includeOptional");
        assertThat(Combinations.text(features, "src/main/resources/META-INF/spring-devtools.properties"))
                .contains("defaults.spring.autoconfigure.exclude=");
        assertThat(Combinations.text(features, "src/main/resources/application.yml"))
                .contains("log-resolved-exception: false");
    }
}
