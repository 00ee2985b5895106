package dev.forge.redis.spring.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.health.Health;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.tls.TestCertificate;
import dev.forge.redis.test.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Certificates from Boot's SSL bundles, for a server that demands one of the client. */
class SslBundleTest {

    @TempDir
    static Path folder;

    private static TestCertificates certificates;
    private static EmbeddedRedis server;

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ForgeRedisAutoConfiguration.class, SslAutoConfiguration.class));

    @BeforeAll
    static void startServer() {
        certificates = TestCertificates.in(folder);
        server = EmbeddedRedis.builder()
                .tls(certificates.server())
                .option("tls-auth-clients", "yes")
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "forge.redis.connection-url, forge.redis.ssl-bundle",
        "spring.data.redis.url, spring.data.redis.ssl.bundle",
        "spring.data.redis.port, spring.data.redis.ssl.bundle"
    })
    void connectsWithTheCertificatesOfABundle(String address, String bundle) {
        String place = address.endsWith("port") ? String.valueOf(server.port()) : server.url();

        trusting(certificates.authority())
                .withPropertyValues(address + "=" + place, bundle + "=redis", "forge.redis.required=true")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    RedisManager redis = context.getBean(RedisManager.class);
                    redis.setSync("a", "1");
                    assertThat(redis.getSyncClient().get("a")).isEqualTo("1");
                });
    }

    @Test
    void connectsWithTheBundleOfAService() {
        trusting(certificates.authority())
                .withPropertyValues("forge.redis.required=true")
                .withUserConfiguration(ServiceWithTls.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void usesABundleThatWasReloadedForNewConnections() throws IOException {
        Path trusted = folder.resolve("trusted.pem");
        Files.copy(
                TestCertificates.in(Files.createDirectory(folder.resolve("other")))
                        .authority(),
                trusted);

        trusting(trusted)
                .withPropertyValues(
                        "forge.redis.connection-url=" + server.url(),
                        "forge.redis.ssl-bundle=redis",
                        "spring.ssl.bundle.pem.redis.reload-on-update=true",
                        "spring.ssl.bundle.watch.file.quiet-period=20ms")
                .run(context -> {
                    RedisManager redis = context.getBean(RedisManager.class);
                    assertThat(redis.healthSync()).isInstanceOf(Health.Down.class);

                    Files.copy(certificates.authority(), trusted, StandardCopyOption.REPLACE_EXISTING);

                    Awaitility.await()
                            .atMost(Duration.ofSeconds(15))
                            .until(() -> redis.healthSync() instanceof Health.Up);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "forge.redis.connection-url=redis://h | forge.redis.ssl-bundle=redis"
                        + " | forge.redis.ssl-bundle needs a URL with TLS",
                "spring.data.redis.url=redis-socket:///tmp/s | spring.data.redis.ssl.bundle=redis"
                        + " | spring.data.redis.ssl.bundle needs a URL with TLS"
            })
    void refusesABundleWithoutTls(String address, String bundle, String problem) {
        trusting(certificates.authority())
                .withPropertyValues(address, bundle)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(problem));
    }

    @Test
    void doesNotNeedABundleThatIsTurnedOff() {
        application
                .withPropertyValues(
                        "spring.data.redis.port=1",
                        "spring.data.redis.ssl.enabled=false",
                        "spring.data.redis.ssl.bundle=missing")
                .run(context -> assertThat(
                                context.getBean(RedisSettings.class).tls().enabled())
                        .isFalse());
    }

    @Test
    void namesABundleThatIsMissing() {
        application
                .withPropertyValues("forge.redis.connection-url=" + server.url(), "forge.redis.ssl-bundle=missing")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("SSL bundle name 'missing' cannot be found"));
    }

    private ApplicationContextRunner trusting(Path authority) {
        TestCertificate client = certificates.client();
        return application.withPropertyValues(
                "spring.ssl.bundle.pem.redis.truststore.certificate=" + authority,
                "spring.ssl.bundle.pem.redis.keystore.certificate=" + client.certificate(),
                "spring.ssl.bundle.pem.redis.keystore.private-key=" + client.key());
    }

    @Configuration(proxyBeanMethods = false)
    static class ServiceWithTls {
        @Bean
        DataRedisConnectionDetails service(ObjectProvider<SslBundles> bundles) {
            return new DataRedisConnectionDetails() {
                @Override
                public SslBundle getSslBundle() {
                    return bundles.getObject().getBundle("redis");
                }

                @Override
                public Standalone getStandalone() {
                    return Standalone.of("127.0.0.1", server.port());
                }
            };
        }
    }
}
