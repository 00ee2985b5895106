package dev.forge.redis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.forge.redis.test.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.BaseStream;
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
    void nothingRunsOnAPoolThatTheApplicationCanBlock() {
        // Of the test kit too: a test may block that pool on purpose.
        assertThat(CLASSES.contain(EmbeddedRedis.class)).isTrue();
        noClasses().should().accessTargetWhere(SHARED_THREADS).check(CLASSES);
    }

    /** The common pool of the JVM, its timer, and the thread that waits for processes. */
    private static final DescribedPredicate<JavaAccess<?>> SHARED_THREADS =
            DescribedPredicate.describe("threads that the application shares", access -> {
                JavaClass owner = access.getTargetOwner();
                String name = access.getName();
                if (owner.isAssignableTo(CompletionStage.class)) {
                    return Set.of("orTimeout", "completeOnTimeout", "delayedExecutor")
                                    .contains(name)
                            || (name.endsWith("Async") && !takesExecutor(access));
                }
                return (owner.isAssignableTo(ForkJoinPool.class) && name.equals("commonPool"))
                        || (owner.isAssignableTo(Collection.class) && name.equals("parallelStream"))
                        || (owner.isAssignableTo(BaseStream.class) && name.equals("parallel"))
                        || ((owner.isAssignableTo(Process.class) || owner.isAssignableTo(ProcessHandle.class))
                                && name.equals("onExit"));
            });

    private static boolean takesExecutor(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && target.getRawParameterTypes().stream().anyMatch(type -> type.isAssignableTo(Executor.class));
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
