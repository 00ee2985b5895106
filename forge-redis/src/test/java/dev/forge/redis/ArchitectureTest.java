package dev.forge.redis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.forge.redis");

    @Test
    void looksAtTheWholeLibrary() {
        assertThat(CLASSES).hasSizeGreaterThan(60);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.forge.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void layersPointDown() {
        noClasses()
                .that()
                .resideInAPackage("dev.forge.redis")
                .or()
                .resideInAPackage("dev.forge.redis.codec")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.forge.redis.cache", "dev.forge.redis.ratelimit", "dev.forge.redis.session")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.forge.redis.codec")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.forge.redis")
                .check(CLASSES);
    }

    @Test
    void featuresDoNotKnowEachOther() {
        slices().matching("dev.forge.redis.(cache|ratelimit|session)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void onlyTheConnectionKnowsTheClientAndOnlyTheCodecKnowsJackson() throws IOException {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.forge.redis")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lettuce..", "io.netty..", "reactor..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.forge.redis.codec")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .check(CLASSES);
        // A type that is only named in a catch clause is not a dependency in the class file.
        assertThat(sourcesWith("io.lettuce")).isNotEmpty().allMatch(file -> isIn(file, "redis"));
        assertThat(sourcesWith("tools.jackson")).isNotEmpty().allMatch(file -> isIn(file, "codec"));
    }

    @Test
    void onlyTheCacheKnowsCaffeine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.forge.redis.cache")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.github.benmanes..")
                .check(CLASSES);
    }

    @Test
    void nothingReadsSerializedObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .check(CLASSES);
    }

    @Test
    void publicClassesAreFinalOrSealed() {
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }

    private static List<Path> sourcesWith(String text) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> {
                        try {
                            return Files.readString(file).contains(text);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    private static boolean isIn(Path file, String folder) {
        Path parent = file.getParent();
        return parent != null && parent.endsWith(folder);
    }
}
