package dev.forge.cli.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"my_project", "a", "shop", "shop-orders", "a1-b2_c3", "console", "com", "nul1"})
    void acceptsWordsJoinedBySingleSeparators(String name) {
        assertThat(new ProjectName(name).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "''|my-service",
                "my app's|my-apps",
                "../x|x",
                "..|my-service",
                "/etc/passwd|etc-passwd",
                "a\\b|a-b",
                "C:\\x|c-x",
                "CON|con-app",
                "nul|nul-app",
                "com1|com1-app",
                "Lpt9|lpt9-app",
                "Größe|gro-e",
                "café|cafe",
                "аpp|pp",
                "name.|name",
                "name |name",
                " name|name",
                "name-|name",
                "_name|name",
                "a--b|a-b",
                "a__b|a_b",
                "a-_b|a_b",
                "9lives|lives",
                "MyProject|myproject",
                "${HOME}|home",
                "a: [b]|a-b",
                "--dir|dir",
            })
    void refusesEverythingElseAndSuggestsALegalName(String name, String suggestion) {
        InvalidAnswer refusal = catchThrowableOfType(InvalidAnswer.class, () -> new ProjectName(name));

        assertThat(refusal.about("NAME")).startsWith("NAME must ");
        assertThat(refusal.suggestion()).isEqualTo(suggestion);
        assertThat(new ProjectName(refusal.suggestion()).value()).isEqualTo(suggestion);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 200, 100_000})
    void refusesLongNamesInAShortMessage(int length) {
        InvalidAnswer refusal = catchThrowableOfType(InvalidAnswer.class, () -> new ProjectName("a".repeat(length)));

        assertThat(refusal.about("NAME")).hasSizeLessThan(300);
        assertThat(refusal.suggestion()).isEqualTo("a".repeat(63));
    }

    @Test
    void refusesControlCharactersWithoutPrintingThem() {
        InvalidAnswer refusal =
                catchThrowableOfType(InvalidAnswer.class, () -> new ProjectName("a\nb\u001b[2J\u0000\u202e"));

        assertThat(refusal.about("NAME")).contains("\"a\\u000ab\\u001b[2J\\u0000\\u202e\"");
        assertThat(refusal.suggestion()).isEqualTo("a-b-2j");
    }

    @ParameterizedTest
    @CsvSource({"my_project,My Project", "shop,Shop", "a1-b_c,A1 B C"})
    void makesAHeading(String name, String heading) {
        assertThat(new ProjectName(name).displayName()).isEqualTo(heading);
    }

    @ParameterizedTest
    @CsvSource({
        "my_project,myproject",
        "shop-orders,shoporders",
        "class,classapp",
        "n-ew,newapp",
        "true,trueapp",
        "c-on,conapp"
    })
    void makesAPackageSegmentThatJavaAndWindowsAccept(String name, String segment) {
        assertThat(new ProjectName(name).packageSegment()).isEqualTo(segment);
        assertThat(JavaPackage.isLegalSegment(segment)).isTrue();
    }
}
