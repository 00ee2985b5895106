package dev.forge.redis.spring.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.cache.ForgeCacheManagerAutoConfiguration;
import dev.forge.redis.test.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What an application prints that cannot start, as Boot shows it. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalyzersTest {

    private static EmbeddedRedis server;

    @TempDir
    Path folder;

    @BeforeAll
    static void startServer() {
        server = EmbeddedRedis.builder().password("right").start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void namesTheServerThatIsNotReachableAndWhereItsAddressIsSet(CapturedOutput output) throws IOException {
        Path file = file("forge.redis.required=true", "forge.redis.connection-url=redis://127.0.0.1:1");

        assertFails(Application.class, file);

        assertThat(output)
                .contains(
                        "APPLICATION FAILED TO START",
                        "cannot connect to Redis at 127.0.0.1:1: connection refused",
                        "The source of this address is forge.redis.connection-url.",
                        "forge.redis.connection-url is set in URL [file:" + file + "] - 2:28",
                        "Start Redis at 127.0.0.1:1, or correct the address at that source.",
                        "To start without Redis and to connect when it is there, set forge.redis.required=false.")
                .doesNotContain("\tat ");
    }

    @Test
    void namesTheSettingsOfTheApplication(CapturedOutput output) {
        assertFails(OwnSettings.class, null, "--forge.redis.required=true");

        assertThat(output).contains("The source of this address is the RedisSettings of the application.");
    }

    @Test
    void namesWhereAWrongPasswordIsSet(CapturedOutput output) throws IOException {
        Path file = file(
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + server.port(),
                "spring.data.redis.password=CANARY",
                "forge.redis.required=true");

        assertFails(Application.class, file);

        assertThat(output)
                .contains(
                        "WRONGPASS",
                        "The source of this address is spring.data.redis.*.",
                        "spring.data.redis.password is set in URL [file:" + file + "] - 3:28",
                        "Correct the user and password at that source")
                .doesNotContain("CANARY", "\tat ");
    }

    @Test
    void asksForAPasswordBesideTheAddress(CapturedOutput output) {
        assertFails(
                Application.class,
                null,
                "--spring.data.redis.port=" + server.port(),
                "--forge.redis.password=right",
                "--forge.redis.required=true");

        assertThat(output)
                .contains(
                        "NOAUTH",
                        "spring.data.redis.port is set in ",
                        "Set a password at that source, beside the address")
                .doesNotContain("\tat ");
    }

    @Test
    void namesWhereEachInvalidSettingIsSet(CapturedOutput output) throws IOException {
        Path file = file("forge.redis.pool-size=-1", "REDIS_DEFAULT_TTL=soon", "spring.data.redis.port=99999");

        assertFails(Application.class, file);

        assertThat(output)
                .contains(
                        "REDIS_POOL_SIZE must be a number from 0 to 1024, but was '-1'",
                        "forge.redis.pool-size is set in URL [file:" + file + "] - 1:23",
                        "REDIS_DEFAULT_TTL is set in URL [file:" + file + "] - 2:19",
                        "spring.data.redis.host must have a port from 1 to 65535")
                .doesNotContain("\tat ");
    }

    @Test
    void namesThePropertiesOfAServerThatHasAName(CapturedOutput output) throws IOException {
        Path invalid = file(
                "forge.redis.connection-url=redis://:right@127.0.0.1:" + server.port(),
                "forge.redis.servers.cache.connection-url=http://127.0.0.1",
                "forge.redis.servers.cache.pool-size=-1");
        assertFails(Application.class, invalid);
        assertThat(output)
                .contains(
                        "forge.redis.servers.cache.connection-url must ",
                        "forge.redis.servers.cache.pool-size must be a number from 0 to 1024, but was '-1'",
                        "forge.redis.servers.cache.pool-size is set in URL [file:" + invalid + "] - 3:37")
                .doesNotContain("\tat ", "REDIS_POOL_SIZE");

        assertFails(
                Application.class,
                file(
                        "forge.redis.connection-url=redis://:right@127.0.0.1:" + server.port(),
                        "forge.redis.servers.cache.connection-url=redis://127.0.0.1:1",
                        "forge.redis.servers.cache.required=true"));
        assertThat(output)
                .contains(
                        "The source of this address is forge.redis.servers.cache.connection-url.",
                        "set forge.redis.servers.cache.required=false.")
                .doesNotContain("\tat ");
    }

    @Test
    void namesWhereThePropertyOfACacheIsSet(CapturedOutput output) throws IOException {
        Path file = file(
                "forge.cache.caches[user\\:profile].ttl=-5s",
                "forge.redis.connection-url=redis://:right@127.0.0.1:" + server.port());
        assertFails(Caches.class, file);
        assertThat(output)
                .contains(
                        "forge.cache.caches[user:profile].ttl: ttl must be from 1 ms to 10 years",
                        "forge.cache.caches[user:profile].ttl is set in URL [file:" + file + "] - 1:38")
                .doesNotContain("\tat ", "REDIS_X_Y");

        Path other = file("forge.cache.caches.bookTitles.near-cache=-1");
        assertFails(Caches.class, other);
        assertThat(output)
                .contains("forge.cache.caches[bookTitles].near-cache is set in URL [file:" + other + "] - 1:42");
    }

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("application.properties"), String.join("\n", lines));
    }

    private static void assertFails(Class<?> configuration, @Nullable Path file, String... arguments) {
        SpringApplication application = new SpringApplication(configuration);
        application.setWebApplicationType(WebApplicationType.NONE);
        if (file != null) {
            application.setDefaultProperties(
                    Map.of("spring.config.location", file.toUri().toString()));
        }

        assertThatThrownBy(() -> application.run(arguments)).isNotNull();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ForgeRedisAutoConfiguration.class)
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @ImportAutoConfiguration({ForgeRedisAutoConfiguration.class, ForgeCacheManagerAutoConfiguration.class})
    static class Caches {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ForgeRedisAutoConfiguration.class)
    static class OwnSettings {
        @Bean
        RedisSettings settings() {
            return RedisSettings.of("redis://127.0.0.1:1");
        }
    }
}
