package dev.forge.redis.spring.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.InvalidSettingsException;
import dev.forge.redis.settings.ReadFrom;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisSettingsBuilder;
import dev.forge.redis.spring.actuate.ForgeRedisHealthAutoConfiguration;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class RedisServersTest {

    @AutoClose
    private final EmbeddedRedis plain = EmbeddedRedis.start();

    @AutoClose
    private final EmbeddedRedis other =
            EmbeddedRedis.builder().password("other").start();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeRedisHealthAutoConfiguration.class))
            .withPropertyValues("forge.redis.connection-url=" + plain.url());

    private final ApplicationContextRunner two = application.withPropertyValues(
            "forge.redis.servers.cache.connection-url=redis://127.0.0.1:" + other.port(),
            "forge.redis.servers.cache.password=other");

    /** A bean that uses both servers, also while it is destroyed. */
    record User(RedisManager redis, RedisManager cache, List<String> end) implements DisposableBean {
        @Override
        public void destroy() {
            end.add(redis.getSync("name").orElseThrow());
            end.add(cache.getSync("name").orElseThrow());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Users {
        @Bean
        User user(RedisManager redis, @Qualifier("cache") RedisManager cache) {
            return new User(redis, cache, new ArrayList<>());
        }
    }

    @Test
    void injectsTheManagerThatTheQualifierNamesAndThePlainOneOtherwise() {
        two.withUserConfiguration(Users.class).run(context -> {
            User user = context.getBean(User.class);
            user.redis().setSync("name", "plain");
            user.cache().setSync("name", "other");

            assertThat(plain.command("GET", "name")).isEqualTo("plain");
            assertThat(user.cache()).isSameAs(context.getBean("cacheRedisManager"));
            assertThat(context.getBean(RedisManager.class)).isSameAs(user.redis());
        });
    }

    @Test
    void closesEachServerAfterTheBeansThatUseIt() {
        AtomicReference<User> user = new AtomicReference<>();
        two.withUserConfiguration(Users.class).run(context -> {
            user.set(context.getBean(User.class));
            user.get().redis().setSync("name", "plain");
            user.get().cache().setSync("name", "other");
        });

        assertThat(user.get().end()).containsExactly("plain", "other");
        assertThat(List.of(user.get().redis(), user.get().cache()))
                .allSatisfy(manager -> assertThatIllegalStateException().isThrownBy(() -> manager.getSync("name")));
    }

    @Test
    void sharesTheManagersOfAParentContext() {
        two.withUserConfiguration(Users.class)
                .run(parent -> two.withParent(parent)
                        .withPropertyValues("forge.redis.servers.own.connection-url=" + plain.url())
                        .withUserConfiguration(Users.class)
                        .run(child -> {
                            User user = child.getBean(User.class);

                            assertThat(user.redis())
                                    .isSameAs(parent.getBean(User.class).redis());
                            assertThat(user.cache())
                                    .isSameAs(parent.getBean(User.class).cache());
                            assertThat(child.getBean(RedisServers.class).named("cache", ""))
                                    .isSameAs(user.cache());
                            assertThat(child.getBean(RedisServers.class).named("own", ""))
                                    .isSameAs(child.getBean("ownRedisManager"));
                            user.redis().setSync("name", "plain");
                            user.cache().setSync("name", "other");
                        }));
    }

    @Test
    void sharesTheConnectionOfThePlainServerIfThereIsNoAddress(CapturedOutput output) {
        application
                .withPropertyValues(
                        "forge.redis.servers.cache.connection-url=${CACHE_REDIS_CONNECTION_URL:}",
                        "forge.redis.servers.cache.password=CANARY")
                .withUserConfiguration(Users.class)
                .run(context -> {
                    User user = context.getBean(User.class);
                    assertThat(user.cache()).isSameAs(user.redis());
                    user.cache().setSync("name", "one");
                });

        assertThat(output)
                .contains(
                        "Ignored, because the Redis server cache has no address, and is that of forge.redis.*: forge.redis.servers.cache.password")
                .doesNotContain("CANARY");
    }

    @Test
    void neverMixesLoginsAddressesOrTls() {
        ApplicationContextRunner plainWithLogin = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ForgeRedisAutoConfiguration.class))
                .withPropertyValues(
                        "forge.redis.connection-url=redis://127.0.0.1:1",
                        "forge.redis.username=ada",
                        "REDIS_PASSWORD=plain",
                        "forge.redis.servers.cache.connection-url=redis://127.0.0.1:2")
                .withBean(
                        RedisSettingsCustomizer.class,
                        () -> settings -> settings.login(RedisLogin.of("customized", "secret")));

        plainWithLogin.run(context -> {
            assertThat(settings(context, "cache").login()).isEqualTo(RedisLogin.NONE);
            assertThat(context.getBean(RedisSettings.class).login().isNone()).isFalse();
        });
        two.run(context ->
                assertThat(context.getBean(RedisSettings.class).login()).isEqualTo(RedisLogin.NONE));
    }

    @Test
    void takesOverWhatIsNoPartOfTheConnectionUnlessTheServerSetsItsOwn() {
        two.withPropertyValues(
                        "forge.redis.key-prefix=shop:",
                        "REDIS_POOL_SIZE=7",
                        "forge.redis.socket-timeout=3",
                        "forge.redis.servers.cache.socket-timeout=500ms",
                        "forge.redis.servers.cache.max-value-bytes=1MB",
                        "forge.redis.servers.cache.near-max-staleness=2s")
                .run(context -> {
                    RedisSettings settings = settings(context, "cache");
                    assertThat(settings.keyPrefix()).isEqualTo("shop:");
                    assertThat(settings.poolSize()).isEqualTo(7);
                    assertThat(settings.socketTimeout()).isEqualTo(Duration.ofMillis(500));
                    assertThat(settings.maxValueBytes()).isEqualTo(1 << 20);
                    assertThat(settings.nearMaxStaleness()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(settings.readFrom()).isEqualTo(ReadFrom.PRIMARY);
                    assertThat(context.getBean(RedisManager.class).settings().socketTimeout())
                            .isEqualTo(Duration.ofSeconds(3));
                });
    }

    @Test
    void tellsTheCustomizerWhichServerItIs() {
        two.withBean(RedisSettingsCustomizer.class, () -> new RedisSettingsCustomizer() {
                    @Override
                    public void customize(RedisSettingsBuilder settings) {
                        settings.keyPrefix("plain:");
                    }

                    @Override
                    public void customize(String name, RedisSettingsBuilder settings) {
                        settings.keyPrefix(name + ":");
                    }
                })
                .run(context -> {
                    assertThat(context.getBean(RedisManager.class).settings().keyPrefix())
                            .isEqualTo("plain:");
                    assertThat(settings(context, "cache").keyPrefix()).isEqualTo("cache:");
                });
    }

    @Test
    void showsTheHealthOfEachServerByItsName() {
        two.withPropertyValues("forge.redis.servers.gone.connection-url=redis://127.0.0.1:1")
                .run(context -> {
                    CompositeHealthContributor all = context.getBean(CompositeHealthContributor.class);
                    assertThat(all.stream().map(entry -> entry.name())).containsExactly("default", "cache", "gone");
                    assertThat(status(all, "default")).isEqualTo(Status.UP);
                    assertThat(status(all, "cache")).isEqualTo(Status.UP);
                    assertThat(status(all, "gone")).isEqualTo(Status.DOWN);
                });
    }

    @Test
    void leavesAManagerOfTheApplicationAlone() {
        try (RedisManager own = RedisManager.create(RedisSettings.of(plain.url()))) {
            two.withBean("mine", RedisManager.class, () -> own).run(context -> {
                assertThat(context.getBean(RedisManager.class)).isSameAs(own);
                assertThat(context.getBean(RedisServers.class).named("cache", "test"))
                        .isNotSameAs(own);
            });
        }
    }

    @Test
    void refusesAnUnknownServerAndNamesTheKnownOnes() {
        two.run(context -> assertThat(assertThatInvalid(
                        () -> context.getBean(RedisServers.class).named("chache", "forge.session.server")))
                .isEqualTo("forge.session.server must be one of the servers default, cache, but was 'chache'"));
    }

    @Test
    void refusesANameThatCannotBeWrittenEverywhere() {
        for (String name : List.of("Cache", "default", "my_cache")) {
            application
                    .withPropertyValues("forge.redis.servers[" + name + "].connection-url=redis://127.0.0.1:1")
                    .run(context -> assertThat(requireNonNull(context.getStartupFailure()))
                            .hasRootCauseInstanceOf(InvalidSettingsException.class)
                            .hasStackTraceContaining("the name of forge.redis.servers." + name + " must begin"));
        }
    }

    private static String assertThatInvalid(Runnable call) {
        try {
            call.run();
        } catch (InvalidSettingsException e) {
            return e.problems().get(0);
        }
        throw new AssertionError("not refused");
    }

    private static RedisSettings settings(AssertableApplicationContext context, String server) {
        return context.getBean(RedisServers.class).named(server, "test").settings();
    }

    private static Status status(CompositeHealthContributor all, String name) {
        HealthContributor one = requireNonNull(all.getContributor(name));
        return requireNonNull(((HealthIndicator) one).health()).getStatus();
    }
}
