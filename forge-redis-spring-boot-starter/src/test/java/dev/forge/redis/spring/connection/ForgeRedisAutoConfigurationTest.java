package dev.forge.redis.spring.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.settings.InvalidSettingsException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.actuate.ForgeRedisHealthAutoConfiguration;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.data.redis.core.StringRedisTemplate;

class ForgeRedisAutoConfigurationTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeRedisHealthAutoConfiguration.class));

    @Test
    void opensTheManagerAtTheStartAndClosesItAtTheEnd() {
        AtomicReference<RedisManager> manager = new AtomicReference<>();
        application
                .withPropertyValues("forge.redis.connection-url=" + SERVER.url())
                .run(context -> {
                    manager.set(context.getBean(RedisManager.class));
                    manager.get().setSync("a", "1");
                    assertThat(manager.get().getSync("a")).contains("1");
                });

        assertThatIllegalStateException().isThrownBy(() -> manager.get().getSync("a"));
    }

    @Test
    void readsTheVariablesOfTheSpecificationAndPrefersProperties() {
        application
                .withPropertyValues(
                        "REDIS_CONNECTION_URL=" + SERVER.url(),
                        "REDIS_POOL_SIZE=7",
                        "REDIS_DEFAULT_TTL=60",
                        "forge.redis.default-ttl=2m",
                        "forge.redis.key-prefix=shop:")
                .run(context -> {
                    RedisSettings settings = context.getBean(RedisManager.class).settings();
                    assertThat(settings.poolSize()).isEqualTo(7);
                    assertThat(settings.defaultTtl()).isEqualTo(Duration.ofMinutes(2));
                    assertThat(settings.keyPrefix()).isEqualTo("shop:");
                });
    }

    @Test
    void aDefaultTtlOfZeroIsNoExpiry() {
        application
                .withPropertyValues("forge.redis.connection-url=" + SERVER.url(), "forge.redis.default-ttl=0")
                .run(context -> assertThat(
                                context.getBean(RedisManager.class).settings().defaultTtl())
                        .isEqualTo(RedisManager.NO_EXPIRY));
    }

    @Test
    void startsWithoutRedisAndConnectsLater() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            server.kill();
            application
                    .withPropertyValues("forge.redis.connection-url=" + server.url())
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
                        server.restart();
                        RedisManager redis = context.getBean(RedisManager.class);
                        Awaitility.await()
                                .atMost(Duration.ofSeconds(10))
                                .until(() -> redis.healthSync() instanceof dev.forge.redis.health.Health.Up);
                    });
        }
    }

    @Test
    void doesNotStartWithoutRedisIfThatIsRequired() {
        application
                .withPropertyValues("forge.redis.connection-url=redis://127.0.0.1:1", "forge.redis.required=true")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasRootCauseInstanceOf(ConnectException.class)
                        .hasStackTraceContaining(RedisUnavailableException.class.getName()));
    }

    @Test
    void explainsEveryInvalidSetting() {
        application
                .withPropertyValues("REDIS_POOL_SIZE=none", "REDIS_CONNECTION_URL=redis://u:CANARY#@h")
                .run(context -> {
                    Throwable failure = requireNonNull(context.getStartupFailure());
                    assertThat(failure).hasRootCauseInstanceOf(InvalidSettingsException.class);
                    FailureAnalysis analysis =
                            requireNonNull(new InvalidSettingsAnalyzer(new StandardEnvironment()).analyze(failure));
                    assertThat(analysis.getDescription())
                            .contains("REDIS_POOL_SIZE must be a number", "REDIS_CONNECTION_URL must ")
                            .doesNotContain("CANARY");
                    assertThat(failure).hasStackTraceContaining("REDIS_POOL_SIZE");
                });
    }

    @Test
    void backsOffForAManagerOrSettingsOfTheApplication() {
        RedisSettings settings =
                RedisSettings.builder(SERVER.url()).keyPrefix("own:").build();
        application
                .withBean(RedisSettings.class, () -> settings)
                .run(context -> assertThat(context.getBean(RedisManager.class).settings())
                        .isSameAs(settings));
        try (RedisManager own = RedisManager.create(settings)) {
            application
                    .withBean(RedisManager.class, () -> own)
                    .run(context ->
                            assertThat(context).getBean(RedisManager.class).isSameAs(own));
        }
    }

    @Test
    void showsHealthWithoutAnAddress() {
        application
                .withPropertyValues("forge.redis.connection-url=" + SERVER.url())
                .run(context -> {
                    Health health = health(context);
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails()).containsKeys("version", "role", "latencyMillis");
                    assertThat(health.toString()).doesNotContain("127.0.0.1");
                });
        application
                .withPropertyValues(
                        "forge.redis.connection-url=" + SERVER.url(), "management.health.forgeRedis.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void worksWithoutActuator() {
        application
                .withPropertyValues("forge.redis.connection-url=" + SERVER.url())
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context).hasSingleBean(RedisManager.class));
    }

    @Test
    void worksWithSpringDataRedis() {
        application
                .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
                .withPropertyValues(
                        "forge.redis.connection-url=" + SERVER.url(),
                        "spring.data.redis.port=" + SERVER.server().port())
                .run(context -> {
                    context.getBean(StringRedisTemplate.class).opsForValue().set("a", "1");
                    assertThat(context.getBean(RedisManager.class).getSync("a")).contains("1");
                });
    }

    @Test
    void describesItsPropertiesForEditors() throws IOException {
        try (InputStream metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(metadata).isNotNull();
            assertThat(new String(metadata.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("forge.redis.connection-url", "forge.redis.required", "Address of Redis");
        }
    }

    private static Health health(ApplicationContext context) {
        return requireNonNull(context.getBean(HealthIndicator.class).health());
    }
}
