package dev.forge.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.forge.cli");

    @Test
    void packagesHaveNoCycles() {
        assertThat(CLASSES.size()).isGreaterThan(30);
        slices().matching("dev.forge.cli.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void commandsAreOnTop() {
        noClasses()
                .that()
                .resideInAPackage("dev.forge.cli.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.forge.cli")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.forge.cli", "dev.forge.cli.init")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.forge.cli.init")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.forge.cli", "dev.forge.cli.init", "dev.forge.cli.terminal")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "dev.forge.cli.terminal")
                .check(CLASSES);
    }

    @Test
    void projectsAreRenderedWithoutFilesClocksOrRandomness() {
        noClasses()
                .that()
                .resideInAPackage("dev.forge.cli.project")
                .and()
                .doNotHaveSimpleName("BundledFiles")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.nio\\.file\\..*|java\\.io\\.File.*|java\\.util\\.Random|java\\.security\\.SecureRandom"
                                + "|java\\.time\\.(Clock|Instant|InstantSource)|java\\.net\\..*|java\\.lang\\.ProcessHandle")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.forge.cli.project")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(CLASSES);
    }
}
