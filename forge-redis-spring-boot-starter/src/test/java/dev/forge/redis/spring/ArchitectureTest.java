package dev.forge.redis.spring;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.forge.redis.spring");

    private static final Pattern EXPORT = Pattern.compile("exports ([\\w.]+);");

    @Test
    void coversTheWholeStarter() {
        assertThat(CLASSES).hasSizeGreaterThan(30);
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct()).hasSizeGreaterThan(4);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.forge.redis.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void partsUseTheConnectionAndNoOtherPart() {
        // These two show to the outside what the others do; none of the others uses them.
        DescribedPredicate<JavaClass> onlookers =
                resideInAnyPackage("dev.forge.redis.spring.observe", "dev.forge.redis.spring.actuate");
        slices().matching("dev.forge.redis.spring.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(alwaysTrue(), resideInAPackage("dev.forge.redis.spring.connection"))
                .ignoreDependency(onlookers, DescribedPredicate.not(onlookers))
                .check(CLASSES);
    }

    @Test
    void theConnectionUsesNoOtherPart() {
        noClasses()
                .that()
                .resideInAPackage("dev.forge.redis.spring.connection")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.forge.redis.spring.cache..",
                        "dev.forge.redis.spring.ratelimit",
                        "dev.forge.redis.spring.session",
                        "dev.forge.redis.spring.observe",
                        "dev.forge.redis.spring.actuate",
                        "dev.forge.redis.spring.embedded")
                .check(CLASSES);
    }

    /** The cache uses transactions, which know nothing of annotations; the report shows both. */
    @Test
    void theRoomsOfTheCacheDependOnEachOtherInOneDirection() {
        noClasses()
                .that()
                .resideInAPackage("dev.forge.redis.spring.cache.transaction")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.forge.redis.spring.cache", "dev.forge.redis.spring.cache.report")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.forge.redis.spring.cache")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.forge.redis.spring.cache.report")
                .check(CLASSES);
    }

    @Test
    void usesOnlyWhatTheLibraryExports() throws IOException {
        Set<String> exported = EXPORT.matcher(
                        Files.readString(Path.of("../forge-redis/src/main/java/module-info.java")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());

        assertThat(exported).contains("dev.forge.redis");
        noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "the library does not export",
                        type -> type.getPackageName().startsWith("dev.forge.redis")
                                && !type.getPackageName().startsWith("dev.forge.redis.spring")
                                && !type.getPackageName().startsWith("dev.forge.redis.test")
                                && !exported.contains(type.getPackageName())))
                .check(CLASSES);
    }

    @Test
    void onlyThePartForItUsesTheEmbeddedServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.forge.redis.spring.embedded")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.forge.redis.test..")
                .check(CLASSES);
    }

    @Test
    void classesAreFinalOrSealed() {
        classes()
                .that()
                .areTopLevelClasses()
                .and()
                .areNotInterfaces()
                .and(describe("are not sealed", type -> !type.reflect().isSealed()))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }

    /** Where an application has a bean of the same name, it does not start. The other names are those of Spring and of the pages. */
    @Test
    void beansAreCalledAsNoBeanOfAnApplicationIs() {
        assertThat(CLASSES.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(Bean.class))
                        .flatMap(ArchitectureTest::names))
                .hasSizeGreaterThan(30)
                .allMatch(name -> name.matches("forge.+|embeddedRedis.*|redisManager|cacheManager|cookieSerializer"
                        + "|sessionRepository|sessionRepositoryFilterRegistration|springSessionRepositoryFilter"));
    }

    private static Stream<String> names(JavaMethod bean) {
        Bean annotation = bean.getAnnotationOfType(Bean.class);
        Set<String> given = Stream.of(annotation.value(), annotation.name())
                .flatMap(Stream::of)
                .collect(Collectors.toSet());
        return given.isEmpty() ? Stream.of(bean.getName()) : given.stream();
    }
}
