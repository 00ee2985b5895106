package dev.forge.redis.spring.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.forge.redis.settings.InvalidSettingsException;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisSettingsBuilder;
import dev.forge.redis.settings.RedisTls;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Which source says where Redis is, without connecting to it. */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionChoiceTest {

    private static final String FORGE = "forge.redis.connection-url=redis://forge:1";
    private static final String VARIABLE = "REDIS_CONNECTION_URL=redis://variable:2";
    private static final String SPRING = "spring.data.redis.host=spring";

    /** Nothing connects, because no bean is made before a test asks for it. */
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ForgeRedisAutoConfiguration.class, SslAutoConfiguration.class))
            .withInitializer(
                    context -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));

    @Test
    void connectsToThisMachineIfNothingSaysWhereRedisIs(CapturedOutput output) {
        assertThat(address(application)).isEqualTo("localhost:6379");
        assertThat(output).contains("Redis is at localhost:6379; source: the default");
    }

    @ParameterizedTest
    @CsvSource({
        "forge.redis.connection-url=redis://h:1, h:1, forge.redis.connection-url",
        "REDIS_CONNECTION_URL=redis://h:1, h:1, REDIS_CONNECTION_URL",
        "spring.data.redis.host=h, h:6379, spring.data.redis.*",
        "spring.data.redis.port=7, localhost:7, spring.data.redis.*",
        "spring.data.redis.url=redis://h:3, h:3, spring.data.redis.*"
    })
    void connectsWhereOnePropertySays(String property, String address, String source, CapturedOutput output) {
        assertThat(address(application.withPropertyValues(property))).isEqualTo(address);
        assertThat(output).containsOnlyOnce("Redis is at " + address + "; source: " + source);
    }

    @Test
    void connectsToAServiceThatBootKnows(CapturedOutput output) {
        assertThat(address(application.withBean(DataRedisConnectionDetails.class, Service::new)))
                .isEqualTo("service:4");
        assertThat(output).contains("source: the service connection " + Service.class.getName());
    }

    @Test
    void prefersAServiceToEveryPropertyAndVariable(CapturedOutput output) {
        ApplicationContextRunner all = application
                .withPropertyValues(FORGE, VARIABLE, SPRING, "REDIS_PASSWORD=CANARY", "forge.redis.ssl-bundle=b")
                .withBean(DataRedisConnectionDetails.class, Service::new);

        assertThat(address(all)).isEqualTo("service:4");
        assertThat(output)
                .contains(
                        "Ignored, because the service connection " + Service.class.getName() + " says where Redis is: "
                                + "forge.redis.connection-url, REDIS_PASSWORD, forge.redis.ssl-bundle")
                .doesNotContain("CANARY");
    }

    @Test
    void prefersTheDetailsOfForgeToThoseOfBoot() {
        assertThat(address(application
                        .withBean(ForgeConnectionDetails.class, () -> () -> "redis://details:5")
                        .withBean(DataRedisConnectionDetails.class, Service::new)))
                .isEqualTo("details:5");
    }

    @Test
    void prefersItsPropertyToTheVariableAndTheVariableToSpring() {
        assertThat(address(application.withPropertyValues(FORGE, VARIABLE, SPRING)))
                .isEqualTo("forge:1");
        assertThat(address(application.withPropertyValues(VARIABLE, SPRING))).isEqualTo("variable:2");
        assertThat(address(application.withPropertyValues(SPRING))).isEqualTo("spring:6379");
    }

    @Test
    void doesNotTakeForAServiceWhatBootMakesOfProperties() {
        application
                .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
                .withPropertyValues(VARIABLE, "spring.data.redis.url=redis://spring:3")
                .run(context -> {
                    assertThat(context).hasSingleBean(DataRedisConnectionDetails.class);
                    assertThat(context.getBean(RedisSettings.class).endpoint()).hasToString("variable:2");
                });
    }

    @Test
    void readsSpringsPropertiesWithoutSpringDataRedis() {
        assertThat(address(application
                        .withPropertyValues(SPRING)
                        .withClassLoader(new FilteredClassLoader("org.springframework.boot.data.redis"))))
                .isEqualTo("spring:6379");
    }

    @Test
    void neverMixesTheLoginOfOneSourceWithTheAddressOfAnother() {
        assertThat(settings(application.withPropertyValues(SPRING, "REDIS_USERNAME=u", "REDIS_PASSWORD=p"))
                        .login())
                .isEqualTo(RedisLogin.NONE);
        assertThat(settings(application.withPropertyValues(
                                VARIABLE, "spring.data.redis.username=u", "spring.data.redis.password=p"))
                        .login())
                .isEqualTo(RedisLogin.NONE);
        assertThat(settings(application
                                .withPropertyValues("forge.redis.password=p", "spring.data.redis.password=p")
                                .withBean(DataRedisConnectionDetails.class, Service::new))
                        .login())
                .isEqualTo(RedisLogin.NONE);
        assertThat(settings(application
                                .withPropertyValues("REDIS_PASSWORD=p", "spring.data.redis.password=q")
                                .withBean(ForgeConnectionDetails.class, () -> () -> "redis://details:5"))
                        .login())
                .isEqualTo(RedisLogin.NONE);
    }

    @Test
    void neverMixesTheTlsOfOneSourceWithTheAddressOfAnother() {
        RedisSettings spring = settings(application.withPropertyValues(
                SPRING, "spring.data.redis.ssl.enabled=true", "REDIS_TLS_VERIFY=none", "REDIS_TLS_CA_FILE=missing"));
        RedisSettings forge = settings(application.withPropertyValues(VARIABLE, "spring.data.redis.ssl.enabled=true"));

        assertThat(spring.tls()).isEqualTo(RedisTls.VERIFIED);
        assertThat(forge.tls()).isEqualTo(RedisTls.OFF);
    }

    @Test
    void keepsItsOtherSettingsWhateverSaysWhereRedisIs() {
        RedisSettings settings =
                settings(application.withPropertyValues(SPRING, "REDIS_POOL_SIZE=7", "forge.redis.key-prefix=shop:"));

        assertThat(settings.poolSize()).isEqualTo(7);
        assertThat(settings.keyPrefix()).isEqualTo("shop:");
    }

    @Test
    void takesLoginAndDatabaseFromSpring() {
        RedisSettings settings = settings(application.withPropertyValues(
                SPRING,
                "spring.data.redis.port=7000",
                "spring.data.redis.database=3",
                "spring.data.redis.username=ada",
                "spring.data.redis.password= s#cret "));

        assertThat(settings.endpoint()).hasToString("spring:7000");
        assertThat(settings.database()).isEqualTo(3);
        assertThat(settings.login()).isEqualTo(RedisLogin.of("ada", "s#cret"));
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h, h:6379, 0, '', ''",
        "redis://h:7000/3, h:7000, 3, '', ''",
        "redis://:secret@h, h:6379, 0, '', secret",
        "redis://secret@h, h:6379, 0, '', secret",
        "redis://ada:secret@h:1/2, h:1, 2, ada, secret",
        "rediss://ada:se%40cret@h, h:6379, 0, ada, se@cret",
        "redis://[::1]:7, [::1]:7, 0, '', ''"
    })
    void readsTheUrlsOfSpring(String url, String address, int database, String user, String password) {
        RedisSettings settings = settings(application.withPropertyValues(
                "spring.data.redis.url=" + url,
                "spring.data.redis.host=other",
                "spring.data.redis.port=99",
                "spring.data.redis.database=9",
                "spring.data.redis.username=other",
                "spring.data.redis.password=other"));

        assertThat(settings.endpoint()).hasToString(address);
        assertThat(settings.database()).isEqualTo(database);
        assertThat(settings.login())
                .isEqualTo(
                        password.isEmpty() ? RedisLogin.NONE : RedisLogin.of(user.isEmpty() ? null : user, password));
        assertThat(settings.tls().enabled()).isEqualTo(url.startsWith("rediss:"));
    }

    @Test
    void takesSentinelsFromSpring() {
        RedisSettings settings = settings(application.withPropertyValues(
                "spring.data.redis.sentinel.master=main%20 1@b",
                "spring.data.redis.sentinel.nodes=a:1,b:2",
                "spring.data.redis.database=3",
                "spring.data.redis.username=ada",
                "spring.data.redis.password=secret",
                "spring.data.redis.sentinel.username=ada",
                "spring.data.redis.sentinel.password=secret"));

        assertThat(settings.endpoint())
                .isEqualTo(new RedisEndpoint.Sentinels(
                        List.of(new HostAndPort("a", 1), new HostAndPort("b", 2)), "main%20 1@b"));
        assertThat(settings.database()).isEqualTo(3);
        assertThat(settings.login()).isEqualTo(RedisLogin.of("ada", "secret"));
    }

    @Test
    void takesAClusterFromSpring() {
        RedisSettings settings = settings(application.withPropertyValues(
                "spring.data.redis.cluster.nodes[0]=a:1",
                "spring.data.redis.cluster.nodes[1]=b:2",
                "spring.data.redis.ssl.enabled=true"));

        assertThat(settings.endpoint())
                .isEqualTo(new RedisEndpoint.Cluster(List.of(new HostAndPort("a", 1), new HostAndPort("b", 2))));
        assertThat(settings.tls()).isEqualTo(RedisTls.VERIFIED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spring.data.redis.masterreplica.nodes=a:1 | masterreplica.nodes is not supported |",
                "spring.data.redis.sentinel.nodes=a:1 | sentinel.nodes needs spring.data.redis.sentinel.master |",
                "spring.data.redis.sentinel.master=m | sentinel.master needs spring.data.redis.sentinel.nodes |",
                "spring.data.redis.host=a b | spring.data.redis.host must not hold blanks |",
                "spring.data.redis.database=-1 | spring.data.redis.database must be at least 0, but was -1 |",
                "spring.data.redis.username=ada | spring.data.redis.username needs spring.data.redis.password |",
                "spring.data.redis.url=redis://ada:CANARY#@h | spring.data.redis.url must have the characters |",
                "spring.data.redis.timeout=2h | spring.data.redis.host=h | spring.data.redis.timeout must be",
                "spring.data.redis.connect-timeout=0 | spring.data.redis.host=h | spring.data.redis.connect-timeout must be",
                "spring.data.redis.url=redis://h | spring.data.redis.cluster.nodes=a:1 | spring.data.redis.url must not be set",
                "spring.data.redis.database=1 | spring.data.redis.cluster.nodes=a:1 | spring.data.redis.database must be 0",
            })
    void namesThePropertyThatItCannotUse(String first, String second, String third) {
        String[] properties = third == null ? new String[] {first} : new String[] {first, second};
        String problem = third == null ? second : third;

        fails(
                application.withPropertyValues(properties),
                failure -> assertThat(failure.getMessage()).contains(problem).doesNotContain("REDIS_", "CANARY"));
    }

    @Test
    void refusesAnotherLoginForSentinels() {
        fails(
                application.withPropertyValues(
                        "spring.data.redis.sentinel.master=main",
                        "spring.data.redis.sentinel.nodes=a:1",
                        "spring.data.redis.sentinel.password=CANARY"),
                failure -> assertThat(failure.getMessage())
                        .contains("spring.data.redis.sentinel.password must be spring.data.redis.username and")
                        .doesNotContain("CANARY"));
    }

    @Test
    void waitsAsLongAsSpringSays() {
        assertThat(settings(application.withPropertyValues(
                                SPRING, "spring.data.redis.timeout=700ms", "spring.data.redis.connect-timeout=3s"))
                        .socketTimeout())
                .isEqualTo(Duration.ofMillis(700));
        assertThat(settings(application.withPropertyValues(SPRING, "spring.data.redis.connect-timeout=3s"))
                        .socketTimeout())
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(settings(application
                                .withPropertyValues("spring.data.redis.timeout=4s")
                                .withBean(DataRedisConnectionDetails.class, Service::new))
                        .socketTimeout())
                .isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void prefersItsOwnWaitAndNeedsNoneOfSpringsWithItsOwnAddress() {
        assertThat(settings(application.withPropertyValues(
                                SPRING, "spring.data.redis.timeout=700ms", "REDIS_SOCKET_TIMEOUT=2"))
                        .socketTimeout())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(settings(application.withPropertyValues(FORGE, "spring.data.redis.timeout=700ms"))
                        .socketTimeout())
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void takesTheLoginOfForgesDetails() {
        ForgeConnectionDetails details = new ForgeConnectionDetails() {
            @Override
            public String url() {
                return "redis://details:5/2";
            }

            @Override
            public RedisLogin login() {
                return RedisLogin.of("ada", "secret");
            }
        };

        RedisSettings settings = settings(application.withBean(ForgeConnectionDetails.class, () -> details));

        assertThat(settings.login()).isEqualTo(RedisLogin.of("ada", "secret"));
        assertThat(settings.database()).isEqualTo(2);
    }

    @Test
    void letsCustomizersChangeTheSettingsInTheirOrder() {
        RedisSettings settings = settings(application
                .withPropertyValues(FORGE)
                .withBean("a", RedisSettingsCustomizer.class, Last::new)
                .withBean("b", RedisSettingsCustomizer.class, First::new));

        assertThat(settings.poolSize()).isEqualTo(2);
        assertThat(settings.keyPrefix()).isEqualTo("first:");
    }

    @Test
    void leavesTheSettingsOfTheApplicationAlone() {
        RedisSettings own = RedisSettings.of("redis://own:1");

        assertThat(settings(application
                        .withBean(RedisSettings.class, () -> own)
                        .withBean(RedisSettingsCustomizer.class, Last::new)))
                .isSameAs(own);
    }

    private static String address(ApplicationContextRunner application) {
        return settings(application).endpoint().toString();
    }

    private static RedisSettings settings(ApplicationContextRunner application) {
        RedisSettings[] settings = new RedisSettings[1];
        application.run(context -> settings[0] = context.getBean(RedisSettings.class));
        return requireNonNull(settings[0]);
    }

    private static void fails(ApplicationContextRunner application, Consumer<InvalidSettingsException> assertion) {
        application.run(context -> {
            Throwable failure = catchThrowable(() -> context.getBean(RedisSettings.class));
            assertThat(failure).rootCause().isInstanceOfSatisfying(InvalidSettingsException.class, assertion);
        });
    }

    private static final class Service implements DataRedisConnectionDetails {
        @Override
        public Standalone getStandalone() {
            return Standalone.of("service", 4);
        }
    }

    @Order(Ordered.HIGHEST_PRECEDENCE)
    private static final class First implements RedisSettingsCustomizer {
        @Override
        public void customize(RedisSettingsBuilder settings) {
            settings.poolSize(1).keyPrefix("first:");
        }
    }

    @Order(Ordered.LOWEST_PRECEDENCE)
    private static final class Last implements RedisSettingsCustomizer {
        @Override
        public void customize(RedisSettingsBuilder settings) {
            settings.poolSize(2);
        }
    }
}
