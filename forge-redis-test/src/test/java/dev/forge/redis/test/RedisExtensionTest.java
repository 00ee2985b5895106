package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs small test classes and looks at the servers they saw. */
class RedisExtensionTest {
    private static final ConcurrentLinkedQueue<EmbeddedRedis> SEEN = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @Test
    void aStaticFieldIsOneServerForTheClassAndEmptyForEachTest() {
        run(2, StaticField.class);

        assertThat(SEEN).hasSize(2);
        assertThat(SEEN.stream().distinct()).hasSize(1);
        assertThat(SEEN).noneMatch(EmbeddedRedis::isRunning);
    }

    static class StaticField {
        @RegisterExtension
        static final RedisExtension REDIS = RedisExtension.create().withOption("requirepass", "two words");

        @RepeatedTest(2)
        void isEmpty() throws IOException {
            see(REDIS.server());
            try (RedisConnection connection =
                    RedisConnection.open(REDIS.server().port(), Duration.ofSeconds(5))) {
                connection.call("AUTH", "two words");
                assertThat(connection.call("DBSIZE")).isEqualTo(":0");
                connection.call("SET", "key", "value");
            }
        }
    }

    @Test
    void anInstanceFieldIsAServerForEachTest() {
        run(2, InstanceField.class);

        assertThat(SEEN).hasSize(2).doesNotHaveDuplicates().noneMatch(EmbeddedRedis::isRunning);
    }

    static class InstanceField {
        @RegisterExtension
        final RedisExtension redis = RedisExtension.create();

        @RepeatedTest(2)
        void runs() {
            assertThat(SEEN).noneMatch(EmbeddedRedis::isRunning);
            see(redis.server());
        }
    }

    @Test
    void anInstanceFieldOfAnInstanceForAllTestsIsOneServer() {
        run(2, InstancePerClass.class);

        assertThat(SEEN.stream().distinct()).hasSize(1);
        assertThat(SEEN).noneMatch(EmbeddedRedis::isRunning);
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class InstancePerClass {
        @RegisterExtension
        final RedisExtension redis = RedisExtension.create();

        @RepeatedTest(2)
        void runs() {
            see(redis.server());
        }
    }

    @Test
    void asAnAnnotationItPassesTheServerToEveryParameter() {
        run(1, Annotated.class);

        assertThat(SEEN).hasSize(4);
        assertThat(SEEN.stream().distinct()).hasSize(1);
        assertThat(SEEN).noneMatch(EmbeddedRedis::isRunning);
    }

    @ExtendWith(RedisExtension.class)
    static class Annotated {
        Annotated(EmbeddedRedis redis) {
            see(redis);
        }

        @BeforeAll
        static void start(EmbeddedRedis redis) {
            see(redis);
        }

        @BeforeEach
        void prepare(EmbeddedRedis redis) {
            see(redis);
        }

        @Test
        void runs(EmbeddedRedis redis) {
            see(redis);
        }
    }

    @Test
    void runsBeforeAnInstanceForAllTestsIsMade() {
        run(2, AnnotatedPerClass.class);
        run(2, PreparedPerClass.class);

        assertThat(SEEN).hasSize(6);
        assertThat(SEEN.stream().distinct()).hasSize(2);
        assertThat(SEEN).noneMatch(EmbeddedRedis::isRunning);
    }

    /** JUnit makes this instance before it calls beforeAll. */
    @ExtendWith(RedisExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class AnnotatedPerClass {
        AnnotatedPerClass(EmbeddedRedis redis) {
            see(redis);
        }

        @RepeatedTest(2)
        void runs(EmbeddedRedis redis) {
            see(redis);
        }
    }

    @Test
    void endsWithTheClassIfItsInstanceCannotBeMade() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(FailsToBeMade.class))
                .execute()
                .containerEvents()
                .assertStatistics(statistics -> statistics.failed(1));

        assertThat(SEEN).hasSize(1).noneMatch(EmbeddedRedis::isRunning);
    }

    /** JUnit does not call afterAll for it. */
    @ExtendWith(RedisExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class FailsToBeMade {
        FailsToBeMade(EmbeddedRedis redis) {
            see(redis);
            throw new IllegalStateException("first");
        }

        @Test
        void isNotRun() {}
    }

    @ExtendWith(PreparesTheInstance.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PreparedPerClass {
        @RegisterExtension
        static final RedisExtension REDIS = RedisExtension.create();

        @RepeatedTest(2)
        void runs() {
            see(REDIS.server());
        }
    }

    /** As Spring, which makes its application context for the instance. */
    static final class PreparesTheInstance implements TestInstancePostProcessor {
        @Override
        public void postProcessTestInstance(Object instance, ExtensionContext context) {
            see(PreparedPerClass.REDIS.server());
        }
    }

    @Test
    void nestedClassesShareTheServerOfTheirOuterClass() {
        run(3, Outer.class);

        assertThat(SEEN).hasSize(3);
        assertThat(SEEN.stream().distinct()).hasSize(1);
        assertThat(SEEN).noneMatch(EmbeddedRedis::isRunning);
    }

    static class Outer {
        @RegisterExtension
        static final RedisExtension REDIS = RedisExtension.create();

        @Test
        void runs() throws IOException {
            usesAnEmptyServer();
        }

        @Nested
        class First {
            @Test
            void runs() throws IOException {
                usesAnEmptyServer();
            }
        }

        @Nested
        class Second {
            @Test
            void runs() throws IOException {
                usesAnEmptyServer();
            }
        }

        private static void usesAnEmptyServer() throws IOException {
            see(REDIS.server());
            assertThat(Client.call(REDIS.server(), "DBSIZE")).isEqualTo(":0");
            Client.call(REDIS.server(), "SET", "key", "value");
        }
    }

    @Test
    void keepsDataOnRequest() {
        run(2, Keeping.class);
    }

    static class Keeping {
        @RegisterExtension
        static final RedisExtension REDIS = RedisExtension.create().keepingData();

        @RepeatedTest(2)
        void counts() throws IOException {
            see(REDIS.server());
            assertThat(Client.call(REDIS.server(), "INCR", "count")).isEqualTo(":" + SEEN.size());
        }
    }

    @Test
    void restoresAServerThatATestLeftFrozenOrDead() {
        run(3, Outages.class);
    }

    static class Outages {
        @RegisterExtension
        static final RedisExtension REDIS = RedisExtension.create();

        @RepeatedTest(3)
        void breaksIt() throws IOException {
            assertThat(Client.call(REDIS.server(), "PING")).isEqualTo("+PONG");
            see(REDIS.server());
            if (SEEN.size() == 1) {
                REDIS.server().freeze();
            } else {
                REDIS.server().kill();
            }
        }
    }

    @Test
    void concurrentTestsWithAnInstanceFieldDoNotDisturbEachOther() {
        runConcurrently(8, Concurrent.class);

        assertThat(SEEN).hasSize(8).doesNotHaveDuplicates().noneMatch(EmbeddedRedis::isRunning);
    }

    static class Concurrent {
        @RegisterExtension
        final RedisExtension redis = RedisExtension.create();

        @RepeatedTest(8)
        void countsAlone() throws IOException {
            see(redis.server());
            for (int count = 1; count <= 100; count++) {
                assertThat(Client.call(redis.server(), "INCR", "count")).isEqualTo(":" + count);
            }
        }
    }

    @Test
    void aServerOfABaseClassStaysUntilTheLastConcurrentSubclassHasEnded() {
        runConcurrently(2, Early.class, Late.class);

        assertThat(SEEN.stream().distinct()).hasSize(1);
        assertThat(SEEN).hasSize(2).noneMatch(EmbeddedRedis::isRunning);
    }

    abstract static class Base {
        static final CountDownLatch BOTH_BEGUN = new CountDownLatch(2);
        static final CountDownLatch EARLY_ENDED = new CountDownLatch(1);

        @RegisterExtension
        static final RedisExtension REDIS = RedisExtension.create().keepingData();

        static void begin() throws InterruptedException {
            see(REDIS.server());
            BOTH_BEGUN.countDown();
            assertThat(BOTH_BEGUN.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** What is registered by annotation comes before the fields, so its afterAll is called after theirs. */
    @ExtendWith(SignalsTheEnd.class)
    static class Early extends Base {
        @Test
        void endsFirst() throws InterruptedException {
            begin();
        }
    }

    static class Late extends Base {
        @Test
        void stillHasTheServer() throws IOException, InterruptedException {
            begin();
            assertThat(EARLY_ENDED.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(Client.call(REDIS.server(), "PING")).isEqualTo("+PONG");
        }
    }

    static final class SignalsTheEnd implements AfterAllCallback {
        @Override
        public void afterAll(ExtensionContext context) {
            Base.EARLY_ENDED.countDown();
        }
    }

    @Test
    void survivesAnotherExtensionThatFailsBeforeIt() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(FailsBeforeIt.class))
                .execute()
                .containerEvents()
                .assertStatistics(statistics -> statistics.failed(1));
    }

    @ExtendWith({FailsBeforeIt.Failing.class, RedisExtension.class})
    static class FailsBeforeIt {
        static final class Failing implements BeforeAllCallback {
            @Override
            public void beforeAll(ExtensionContext context) {
                throw new IllegalStateException("first");
            }
        }

        @Test
        void isNotRun() {}
    }

    @Test
    void explainsWhenTheServerExists() {
        assertThatThrownBy(RedisExtension.create()::url)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only while its tests run");
    }

    @Test
    void refusesAnInvalidOptionAtOnce() {
        assertThatThrownBy(() -> RedisExtension.create().withOption("port", "1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void see(EmbeddedRedis redis) {
        assertThat(redis.isRunning()).isTrue();
        SEEN.add(redis);
    }

    private static void run(int tests, Class<?> testClass) {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.started(tests).succeeded(tests));
    }

    private static void runConcurrently(int tests, Class<?>... testClasses) {
        List<ClassSelector> selectors =
                Stream.of(testClasses).map(type -> selectClass(type)).toList();
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectors.toArray(ClassSelector[]::new))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.started(tests).succeeded(tests));
    }
}
