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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.forge.redis");

    private static final JavaClasses LIBRARY = CLASSES.that(DescribedPredicate.describe(
            "are not of the test kit", type -> !type.getPackageName().startsWith("dev.forge.redis.test")));

    @Test
    void coversTheWholeLibrary() {
        assertThat(LIBRARY).hasSizeGreaterThan(200);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.forge.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** The layers from top to bottom; packages of one line do not depend on each other. */
    private static final List<List<String>> LAYERS = List.of(
            List.of("cache", "ratelimit", "session"),
            List.of(""),
            List.of("internal.cache", "internal.cache.flight"),
            List.of("internal"),
            List.of("internal.health", "internal.deletion", "internal.tracking", "internal.lettuce"),
            List.of("internal.command"),
            List.of("internal.route"),
            List.of("internal.connection"),
            List.of("internal.transport"),
            List.of("internal.protocol"),
            List.of("settings", "script", "health", "deletion"),
            List.of("internal.tls", "internal.observe", "failure", "key", "codec"),
            List.of("internal.thread", "internal.digest", "observe", "cache.observe"));

    @Test
    void layersDependOnlyDownwards() {
        List<String> above = new ArrayList<>();
        for (List<String> layer : LAYERS) {
            for (String name : layer) {
                List<String> forbidden = new ArrayList<>(above);
                forbidden.addAll(layer);
                forbidden.remove(name);
                if (!forbidden.isEmpty()) {
                    noClasses()
                            .that()
                            .resideInAPackage(packageOf(name))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(forbidden.stream()
                                    .map(ArchitectureTest::packageOf)
                                    .toArray(String[]::new))
                            .check(CLASSES);
                }
            }
            above.addAll(layer);
        }
    }

    @Test
    void everyPackageHasALayer() {
        Set<String> named = LAYERS.stream()
                .flatMap(List::stream)
                .map(ArchitectureTest::packageOf)
                .collect(Collectors.toSet());

        assertThat(LIBRARY.stream().map(JavaClass::getPackageName).distinct())
                .containsExactlyInAnyOrderElementsOf(named);
    }

    /** A larger package is not read in five minutes. */
    @Test
    void noPackageHasMoreThanThirtyFiles() throws IOException {
        List<Path> modules;
        try (Stream<Path> all = Files.list(Path.of(".."))) {
            modules = all.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList();
        }

        assertThat(modules).hasSizeGreaterThan(4);
        for (Path sources : modules) {
            try (Stream<Path> files = Files.walk(sources)) {
                assertThat(files.filter(Files::isRegularFile).collect(Collectors.groupingBy(Path::getParent)))
                        .allSatisfy((folder, there) -> assertThat(there).hasSizeLessThanOrEqualTo(30));
            }
        }
    }

    @Test
    void nothingOutsideTheLibraryUsesItsInternals() throws IOException {
        List<Path> modules;
        try (Stream<Path> all = Files.list(Path.of(".."))) {
            modules = all.map(module -> module.resolve("src"))
                    .filter(sources -> Files.isDirectory(sources) && !sources.startsWith("../forge-redis/"))
                    .toList();
        }

        assertThat(modules).hasSizeGreaterThan(4);
        for (Path sources : modules) {
            assertThat(sourcesWith(sources, "dev.forge.redis.internal")).isEmpty();
        }
    }

    /** Returns how far down {@code packageName} is. */
    static int layerOf(String packageName) {
        for (int layer = 0; layer < LAYERS.size(); layer++) {
            if (LAYERS.get(layer).stream().map(ArchitectureTest::packageOf).anyMatch(packageName::equals)) {
                return layer;
            }
        }
        throw new IllegalArgumentException(packageName + " is in no layer");
    }

    private static String packageOf(String name) {
        return name.isEmpty() ? "dev.forge.redis" : "dev.forge.redis." + name;
    }

    @Test
    void onlyTheDirectClientUsesLettuceAndOnlyTheCodecUsesJackson() throws IOException {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.forge.redis", "dev.forge.redis.internal.lettuce")
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
        // A type named only in a catch clause is not a dependency in the class file.
        assertThat(sourcesWith("io.lettuce"))
                .isNotEmpty()
                .noneMatch(file -> isIn(file, "cache") || isIn(file, "ratelimit") || isIn(file, "session"));
        assertThat(sourcesWith("tools.jackson")).isNotEmpty().allMatch(file -> isIn(file, "codec"));
    }

    @Test
    void onlyTheCacheUsesCaffeine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.forge.redis.internal.cache")
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
        // The test kit too: a test may block that pool on purpose.
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
                .resideOutsideOfPackage("dev.forge.redis.internal..")
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
        return sourcesWith(Path.of("src/main/java"), text);
    }

    private static List<Path> sourcesWith(Path root, String text) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("module-info.java"))
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
