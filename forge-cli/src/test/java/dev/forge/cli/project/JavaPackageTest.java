package dev.forge.cli.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaPackageTest {
    @ParameterizedTest
    @ValueSource(strings = {"app", "com.example.app", "org.acme.shop_orders", "io.x1.record", "javafx.app"})
    void acceptsIdentifiersJoinedByDots(String name) {
        assertThat(new JavaPackage(name).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "''|com.example.app",
                "com.my-shop|com.myshop",
                "com.class|com.classapp",
                "com.true.x|com.trueapp.x",
                "com..x|com.x",
                ".com|com",
                "com.|com",
                "com.1x|com.x",
                "com._|com._app",
                "java.util|util",
                "javax|com.example.app",
                "com.nul|com.nulapp",
                "com.größe|com.gre",
                "com/x|comx",
                "com.$x|com.x",
                "../x|x",
            })
    void refusesEverythingElseAndSuggestsALegalPackage(String name, String suggestion) {
        InvalidAnswer refusal = catchThrowableOfType(InvalidAnswer.class, () -> new JavaPackage(name));

        assertThat(refusal.about("PACKAGE")).startsWith("PACKAGE must ");
        assertThat(refusal.suggestion()).isEqualTo(suggestion);
        assertThat(new JavaPackage(refusal.suggestion()).value()).isEqualTo(suggestion);
    }

    @Test
    void refusesLongNames() {
        InvalidAnswer refusal = catchThrowableOfType(InvalidAnswer.class, () -> new JavaPackage("a.".repeat(60) + "b"));

        assertThat(refusal.suggestion()).isEqualTo("com.example.app");
    }

    /** Spring looks for components in the package of the application and below it. */
    @ParameterizedTest
    @CsvSource({
        "org,org.myproject",
        "dev,dev.myproject",
        "org.springframework,com.example.myproject",
        "org.springframework.boot,com.example.myproject",
        "dev.forge,dev.forge.myproject",
        "dev.forge.redis.spring,com.example.myproject"
    })
    void refusesAPackageWithClassesOfLibraries(String given, String suggestion) {
        ProjectName name = new ProjectName("my_project");
        JavaPackage taken = new JavaPackage(given);

        InvalidAnswer refusal = catchThrowableOfType(
                InvalidAnswer.class, () -> Answers.of(name, null, taken, JavaVersion.OLDEST, Set.of(), Ci.NONE));

        assertThat(refusal.about("PACKAGE")).contains("classes of Spring", given);
        assertThat(refusal.suggestion()).isEqualTo(suggestion);
    }

    @ParameterizedTest
    @CsvSource({"org", "dev", "org.springframeworks", "com"})
    void acceptsAGroupWithClassesOfLibraries(String group) {
        ProjectName name = new ProjectName("shop");

        Answers answers = Answers.of(name, new JavaPackage(group), null, JavaVersion.OLDEST, Set.of(), Ci.NONE);

        assertThat(answers.javaPackage().value()).isEqualTo(group + ".shop");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,-,com.example,com.example.myproject",
                "org.acme,-,org.acme,org.acme.myproject",
                "-,org.acme.shop,org.acme,org.acme.shop",
                "-,shop,shop,shop",
                "io.x,org.acme.shop,io.x,org.acme.shop"
            })
    void followsFromTheNameAndTheOtherAnswers(String group, String given, String expectedGroup, String expected) {
        Answers answers = Answers.of(
                new ProjectName("my_project"),
                group == null ? null : new JavaPackage(group),
                given == null ? null : new JavaPackage(given),
                JavaVersion.OLDEST,
                Set.of(),
                Ci.NONE);

        assertThat(answers.group().value()).isEqualTo(expectedGroup);
        assertThat(answers.javaPackage().value()).isEqualTo(expected);
    }
}
