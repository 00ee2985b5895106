package dev.forge.redis.spring.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.NameMatchMethodPointcutAdvisor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ManagerObserverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final TestObservationRegistry observations = TestObservationRegistry.create();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeObserveAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withBean(ObservationRegistry.class, () -> observations)
            .withPropertyValues("forge.redis.connection-url=" + SERVER.url());

    @Test
    void timesCommandsByOperationAndOutcome() {
        application.run(context -> {
            RedisManager redis = context.getBean(RedisManager.class);
            MeterRegistry meters = context.getBean(MeterRegistry.class);

            redis.setSync("timed", "1");
            redis.getSync("timed");
            redis.getSync("absent");

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(timer(meters, "get").count()).isEqualTo(2));
            assertThat(timer(meters, "set").count()).isEqualTo(1);
            assertThat(timer(meters, "get").totalTime(TimeUnit.NANOSECONDS)).isPositive();
            assertThat(meters.get("forge.redis.up")
                            .tag("manager", "redisManager")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache", "sessions", "a", "b", "queue"})
    void aServerWithoutAnAddressDoesNotTakeTheCommandsOfThePlainOne(String name) {
        application
                .withPropertyValues("forge.redis.servers." + name + ".connection-url=")
                .run(context -> {
                    context.getBean(RedisManager.class).setSync("timed", "1");

                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(context.getBean(MeterRegistry.class)
                                            .get("forge.redis.command")
                                            .tag("operation", "set")
                                            .timer()
                                            .getId()
                                            .getTag("manager"))
                                    .isEqualTo("redisManager"));
                });
    }

    @Test
    void observesALoadAsAPartOfItsCallerAndWhatItDoesAsAPartOfTheLoad() {
        application.run(context -> {
            Cache<String> names = Cache.builder(context.getBean(RedisManager.class), "observed", String.class)
                    .build();

            Observation.createNotStarted("request", observations)
                    .observe(() -> names.get("secret", key -> {
                        Observation.createNotStarted("query", observations).observe(() -> {});
                        return Optional.of("Ada");
                    }));

            TestObservationRegistryAssert.assertThat(observations)
                    .hasObservationWithNameEqualTo("forge.cache.loader")
                    .that()
                    .hasBeenStopped()
                    .hasParentObservationContextMatching(parent -> "request".equals(parent.getName()))
                    .hasLowCardinalityKeyValue("cache", "observed")
                    .doesNotHaveError();
            TestObservationRegistryAssert.assertThat(observations)
                    .hasObservationWithNameEqualTo("query")
                    .that()
                    .hasParentObservationContextMatching(parent -> "forge.cache.loader".equals(parent.getName()));
            TestObservationRegistryAssert.assertThat(observations).hasNumberOfObservationsEqualTo(3);
        });
    }

    @Test
    void observesNoSingleCommandsUnlessToldTo() {
        application.run(context -> {
            context.getBean(RedisManager.class).getSync("absent");

            TestObservationRegistryAssert.assertThat(observations).hasNumberOfObservationsEqualTo(0);
        });
    }

    @Test
    void observesCommandsWithAHitOrAMissAndNeverAKey() {
        List<Observation.Context> ended = new CopyOnWriteArrayList<>();
        observations.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                ended.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        application.withPropertyValues("forge.observe.commands=true").run(context -> {
            Observation.createNotStarted("request", observations)
                    .observe(() -> context.getBean(RedisManager.class).getSync("a-secret-key"));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> TestObservationRegistryAssert.assertThat(observations)
                            .hasObservationWithNameEqualTo("forge.redis.call")
                            .that()
                            .hasBeenStopped()
                            .hasParentObservationContextMatching(parent -> "request".equals(parent.getName()))
                            .hasLowCardinalityKeyValue("operation", "get")
                            .hasLowCardinalityKeyValue("outcome", "success")
                            .hasHighCardinalityKeyValue("result", "miss"));
            assertThat(ended)
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.toString()).doesNotContain("a-secret-key"));
        });
    }

    @Test
    void observesAManagerThatTheApplicationMakesItself() {
        application
                .withBean("mine", RedisManager.class, () -> RedisManager.create(RedisSettings.of(SERVER.url())))
                .run(context -> {
                    context.getBean(RedisManager.class).initializeSync();

                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("forge.redis.up")
                                    .tag("manager", "mine")
                                    .gauge()
                                    .value())
                            .isEqualTo(1);
                });
    }

    @Test
    void observesAManagerThatAnAdvisorNeeds() {
        application
                .withBean(DefaultAdvisorAutoProxyCreator.class)
                .withUserConfiguration(Advised.class)
                .run(context -> assertThat(context.getBean(MeterRegistry.class)
                                .get("forge.redis.up")
                                .tag("manager", "redisManager")
                                .gauge()
                                .value())
                        .isEqualTo(1));
    }

    @Configuration(proxyBeanMethods = false)
    static class Advised {
        @Bean
        Advisor advisor(RedisManager redis) {
            MethodInterceptor locks = MethodInvocation::proceed;
            assertThat(redis).isNotNull();
            return new NameMatchMethodPointcutAdvisor(locks);
        }
    }

    /** As in an application without Spring Boot's Micrometer module, which would make one of both. */
    @Test
    void startsWithSeveralRegistriesAndNoPrimary() {
        application
                .withBean("other", MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void worksWithoutMicrometerAndWithoutARegistry() {
        application
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ManagerObservation.class));
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeObserveAutoConfiguration.class))
                .withPropertyValues("forge.redis.connection-url=" + SERVER.url())
                .run(context -> {
                    context.getBean(RedisManager.class).setSync("a", "1");
                    assertThat(context).hasNotFailed();
                });
    }

    private static Timer timer(MeterRegistry meters, String operation) {
        return meters.get("forge.redis.command")
                .tags("operation", operation, "outcome", "success", "manager", "redisManager")
                .timer();
    }
}
