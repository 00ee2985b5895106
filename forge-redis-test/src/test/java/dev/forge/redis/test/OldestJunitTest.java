package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs the extension in a JVM that has JUnit 5 instead of the JUnit of these tests. */
class OldestJunitTest {
    @Test
    void theExtensionWorksWithJunit5(@TempDir Path temporary) throws IOException, InterruptedException {
        String folder = System.getProperty("oldest-junit", "");
        assumeThat(folder).as("set by the Maven build").isNotEmpty();
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            jars = files.toList();
        }

        try (ChildJvm child =
                ChildJvm.of(Runner.class, temporary).classPath(jars).start()) {
            assertThat(child.readAll())
                    .contains("junit-jupiter-api-5.")
                    .contains("5 tests successful")
                    .contains("0 tests failed");
        }
    }

    static final class Runner {
        private Runner() {}

        public static void main(String[] arguments) {
            System.out.println(Test.class.getProtectionDomain().getCodeSource().getLocation());
            SummaryGeneratingListener summary = new SummaryGeneratingListener();
            Launcher launcher = LauncherFactory.create();
            launcher.execute(
                    LauncherDiscoveryRequestBuilder.request()
                            .selectors(
                                    selectClass(Sample.class),
                                    selectClass(AnnotatedSample.class),
                                    selectClass(PerClassSample.class))
                            .build(),
                    summary);
            PrintWriter output = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            summary.getSummary().printTo(output);
            summary.getSummary().printFailuresTo(output);
        }
    }

    /** Without AssertJ, which needs a JUnit of its own choice. */
    static class Sample {
        @RegisterExtension
        static final RedisExtension REDIS = RedisExtension.create();

        @RepeatedTest(2)
        void isEmpty() throws IOException {
            requireEmpty(REDIS.server());
        }

        @Nested
        class Inner {
            @Test
            void isEmpty() throws IOException {
                requireEmpty(REDIS.server());
            }
        }
    }

    @ExtendWith(RedisExtension.class)
    static class AnnotatedSample {
        @Test
        void isEmpty(EmbeddedRedis redis) throws IOException {
            requireEmpty(redis);
        }
    }

    @ExtendWith(RedisExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PerClassSample {
        private final EmbeddedRedis redis;

        PerClassSample(EmbeddedRedis redis) {
            this.redis = redis;
        }

        @Test
        void isEmpty() throws IOException {
            requireEmpty(redis);
        }
    }

    private static void requireEmpty(EmbeddedRedis redis) throws IOException {
        String size = Client.call(redis, "DBSIZE");
        if (!size.equals(":0")) {
            throw new IllegalStateException(size);
        }
        Client.call(redis, "SET", "key", "value");
    }
}
