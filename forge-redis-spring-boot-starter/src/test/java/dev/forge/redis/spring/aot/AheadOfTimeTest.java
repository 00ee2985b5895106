package dev.forge.redis.spring.aot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor.Settings;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** Ahead-of-time processing: what a native image would keep, and an application that runs with it in a JVM. */
class AheadOfTimeTest {

    private static final String NAMES_ONLY = "--forge.redis.servers.cache.connection-url=";

    private static RuntimeHints hints;

    @TempDir
    static Path folder;

    @BeforeAll
    static void process() {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        TestPropertyValues.of("forge.redis.servers.cache.connection-url=").applyTo(context);
        context.register(ProcessedApplication.class);
        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get("dev.forge", "Sample")), new InMemoryGeneratedFiles());
        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        hints = generation.getRuntimeHints();
    }

    @Test
    void keepsEveryScriptOfTheLibrary() throws IOException {
        Path resources = Path.of("../forge-redis/src/main/resources");
        try (Stream<Path> files = Files.walk(resources)) {
            List<String> scripts = files.map(file -> resources.relativize(file).toString())
                    .filter(name -> name.endsWith(".lua"))
                    .toList();

            assertThat(scripts)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(script -> assertThat(
                                    RuntimeHintsPredicates.resource().forResource(script))
                            .accepts(hints));
        }
    }

    @Test
    void keepsWhatMethodsCacheAndTheKeys() {
        for (Class<?> type : List.of(ProcessedApplication.Book.class, ProcessedApplication.Author.class)) {
            assertThat(RuntimeHintsPredicates.reflection()
                            .onType(TypeReference.of(type))
                            .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                    .accepts(hints);
        }
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(TypeReference.of(ProcessedApplication.Shelf.class))
                        .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS))
                .accepts(hints);
    }

    @Test
    void keepsWhatSessionsRead() throws ClassNotFoundException {
        for (String name :
                List.of("HttpSessionCookie", "CsrfTokenAttribute$Token", "FlashMaps$Stored", "FlashMaps$Redirect")) {
            Class<?> type = Class.forName("dev.forge.redis.spring.session." + name);

            assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
                    .as(name)
                    .accepts(hints);
        }
    }

    @Test
    void anApplicationRunsOnWhatWasGenerated() throws Exception {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Path resources = Files.createDirectories(folder.resolve("resources"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        new SpringApplicationAotProcessor(
                        ProcessedApplication.class,
                        Settings.builder()
                                .sourceOutput(sources)
                                .resourceOutput(resources)
                                .classOutput(classes)
                                .groupId("dev.forge")
                                .artifactId("sample")
                                .build(),
                        new String[] {NAMES_ONLY})
                .process();
        compile(sources, classes);

        try (EmbeddedRedis plain = EmbeddedRedis.start();
                EmbeddedRedis other = EmbeddedRedis.start()) {
            String output = run(
                    classes + ":" + resources,
                    "--forge.redis.connection-url=" + plain.url(),
                    NAMES_ONLY + other.url(),
                    "--forge.cache.defaults.server=cache");

            assertThat(output)
                    .contains(
                            "processed: true",
                            "miss: Title 1",
                            "hit: Title 1",
                            "invalidated: [Author[name=Ada]]",
                            "session: true",
                            "servers: true");
            assertThat(other.command("GET", "server")).isEqualTo("other");
            assertThat(other.command("KEYS", "books::*")).contains("Shelf(a,1)");
        }
    }

    private static void compile(Path sources, Path classes) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-proc:none", "-nowarn", "-cp", classPath(), "-d", classes.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    private static String run(String generated, String... arguments) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dspring.aot.enabled=true",
                "-cp",
                generated + ":" + classPath(),
                ProcessedApplication.class.getName(),
                "--spring.main.web-application-type=none"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
