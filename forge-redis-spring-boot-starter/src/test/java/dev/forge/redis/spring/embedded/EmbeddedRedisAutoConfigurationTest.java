package dev.forge.redis.spring.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.connection.ForgeConnectionDetails;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.tls.TestCertificates;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.core.StringRedisTemplate;

@ExtendWith(OutputCaptureExtension.class)
class EmbeddedRedisAutoConfigurationTest {

    @TempDir
    static Path folder;

    private final ApplicationContextRunner forge = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ForgeRedisAutoConfiguration.class, EmbeddedRedisAutoConfiguration.class))
            .withPropertyValues("forge.redis.required=true");

    private final ApplicationContextRunner both =
            forge.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

    @Test
    void connectsForgeAndSpringDataRedisToTheBean() {
        assertConnected(both.withBean(EmbeddedRedis.class, EmbeddedRedis::start));
    }

    @Test
    void logsInToAServerWithAPassword() {
        assertConnected(both.withBean(
                EmbeddedRedis.class,
                () -> EmbeddedRedis.builder().password("s#cret").start()));
    }

    @Test
    void trustsTheCertificateOfAServerWithTls() {
        TestCertificates certificates = TestCertificates.in(folder);
        assertConnected(both.withBean(
                EmbeddedRedis.class,
                () -> EmbeddedRedis.builder().tls(certificates.server()).start()));
    }

    @Test
    void winsOverEveryPropertyAndVariable() {
        assertConnected(both.withPropertyValues(
                        "REDIS_CONNECTION_URL=redis://127.0.0.1:1",
                        "spring.data.redis.port=1",
                        "spring.data.redis.password=other")
                .withBean(EmbeddedRedis.class, EmbeddedRedis::start));
    }

    @Test
    void isQuietWhenTheServerEndsWithTheContext(CapturedOutput output) {
        both.withBean(EmbeddedRedis.class, EmbeddedRedis::start).run(context -> {
            context.getBean(RedisManager.class).setSync("a", "1");
            context.getBean(StringRedisTemplate.class).hasKey("a");
        });

        assertThat(output).contains("source: the service connection").doesNotContain("WARN", "ERROR", "Exception");
    }

    @Test
    void leavesTheDetailsOfTheApplicationAlone() {
        try (EmbeddedRedis other = EmbeddedRedis.start()) {
            both.withBean(EmbeddedRedis.class, EmbeddedRedis::start)
                    .withBean(ForgeConnectionDetails.class, () -> other::url)
                    .run(context -> {
                        assertThat(context.getBean(RedisSettings.class).endpoint())
                                .hasToString("127.0.0.1:" + other.port());
                        assertThat(context).hasSingleBean(DataRedisConnectionDetails.class);
                    });
        }
    }

    @Test
    void worksWithoutSpringDataRedis() {
        forge.withClassLoader(new FilteredClassLoader("org.springframework.boot.data.redis"))
                .withBean(EmbeddedRedis.class, EmbeddedRedis::start)
                .run(context -> {
                    context.getBean(RedisManager.class).setSync("a", "1");
                    assertThat(context.getBean(EmbeddedRedis.class).command("GET", "a"))
                            .isEqualTo("1");
                });
    }

    @Test
    void doesNothingWithoutTheTestKitOrWithoutABean() {
        forge.withPropertyValues("forge.redis.required=false", "forge.redis.connection-url=redis://127.0.0.1:1")
                .withClassLoader(new FilteredClassLoader("dev.forge.redis.test"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ForgeConnectionDetails.class));
        both.withPropertyValues("forge.redis.required=false", "forge.redis.connection-url=redis://127.0.0.1:1")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ForgeConnectionDetails.class));
    }

    private static void assertConnected(ApplicationContextRunner application) {
        application.run(context -> {
            assertThat(context).hasNotFailed();
            context.getBean(RedisManager.class).setSync("a", "1");
            assertThat(context.getBean(StringRedisTemplate.class).opsForValue().get("a"))
                    .isEqualTo("1");
            assertThat(context.getBean(EmbeddedRedis.class).command("GET", "a")).isEqualTo("1");
        });
    }
}
