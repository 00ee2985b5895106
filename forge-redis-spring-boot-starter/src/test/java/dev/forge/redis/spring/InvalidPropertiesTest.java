package dev.forge.redis.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.settings.InvalidSettingsException;
import dev.forge.redis.spring.cache.ForgeCacheManagerAutoConfiguration;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.ratelimit.ForgeRateLimitAutoConfiguration;
import dev.forge.redis.spring.session.ForgeSessionAutoConfiguration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;

/** Values of caches, sessions and limits that are refused, which ends the start before any call needs them. */
class InvalidPropertiesTest {

    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ForgeRedisAutoConfiguration.class,
                    ForgeCacheManagerAutoConfiguration.class,
                    ForgeSessionAutoConfiguration.class,
                    ForgeRateLimitAutoConfiguration.class))
            .withUserConfiguration(Application.class)
            .withPropertyValues("forge.redis.connection-url=redis://127.0.0.1:1");

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "forge.cache.defaults.ttl=-5s | ttl must be from 1 ms",
                "forge.cache.caches.books.ttl=-5s | ttl must be from 1 ms",
                "forge.cache.caches.books.stale-for=-1s | staleFor must be from 0 ms",
                "forge.cache.caches.books.near-cache=-1 | nearCache must be at least 1, but was -1",
                "forge.cache.caches.books.near-cache-size=4GB | must be below 2GB",
                "forge.cache.caches.books.near-cache-size=-4GB | nearCacheBytes must be at least 1",
                "forge.cache.caches.books.load-timeout=0s | loadTimeout must be from 1 ms",
                "forge.cache.caches.books.compress-above=-1B | compressAbove must be at least 0",
                "forge.cache.caches.books.tags=a,,b | a tag must have 1 to",
                "forge.cache.caches[a b].ttl=5s | name must be words",
                "forge.session.name=a b | name must be words",
                "forge.session.max-size=10B | maxBytes must be from 1024",
                "forge.rate-limit.trusted-proxies=foo | a trusted proxy must be an address",
                "forge.rate-limit.rules.api.permits=0 | permits must be from 1",
                "forge.rate-limit.rules.api.period=0s | period must be from 1 ms",
                "forge.rate-limit.rules.api.subject=odd | subject must be principal",
                "forge.rate-limit.rules.api.before-security=true | a limit before security needs paths",
                "forge.rate-limit.rules.api.plans.pro.permits=0 | permits must be from 1",
                "forge.rate-limit.rules.api.plans.pro.period=0s | period must be from 1 ms",
            })
    void namesThePropertyAndTheRule(String property, String rule) {
        String name = property.substring(0, property.indexOf('='));
        List<String> valid = Stream.of(
                        "forge.rate-limit.rules.api.permits=5",
                        "forge.rate-limit.rules.api.period=60",
                        "forge.rate-limit.rules.api.plans.pro.permits=5")
                .filter(each -> !each.startsWith(name + "="))
                .toList();

        String problem = problem(property, valid.toArray(String[]::new));

        assertThat(problem).startsWith(name.replace("[a b].ttl", "[a b]") + ": " + rule);
    }

    @ParameterizedTest
    @CsvSource({
        "forge.session.idle-timeout=0s, idleTimeout must be at least 1 second",
        "forge.session.absolute-timeout=400d, absoluteTimeout must be from idleTimeout",
        "forge.rate-limit.rules.api.instances=0, instances must be from 1",
        "forge.rate-limit.rules.api.timeout=0s, timeout must be from 1 ms",
    })
    void namesTheGroupOfPropertiesWhereOneDependsOnAnother(String property, String rule) {
        String problem =
                problem(property, "forge.rate-limit.rules.api.permits=5", "forge.rate-limit.rules.api.period=60");

        assertThat(problem)
                .startsWith(property.substring(0, property.lastIndexOf('.')))
                .contains(rule);
    }

    @Test
    void namesThePatternOfAPathThatCannotBeRead() {
        assertThat(problem(
                        "forge.rate-limit.rules.api.paths=/a/{b",
                        "forge.rate-limit.rules.api.before-security=true",
                        "forge.rate-limit.rules.api.permits=5",
                        "forge.rate-limit.rules.api.period=60"))
                .startsWith("forge.rate-limit.rules.api.paths: ");
    }

    @Test
    void namesAPropertyOfALimitThatIsMissing() {
        assertThat(problem("forge.rate-limit.rules.api.period=60"))
                .isEqualTo("forge.rate-limit.rules.api.permits must be set");
        assertThat(problem("forge.rate-limit.rules.api.permits=5"))
                .isEqualTo("forge.rate-limit.rules.api.period must be set");
        assertThat(problem(
                        "forge.rate-limit.rules.api.plans.pro.period=1s",
                        "forge.rate-limit.rules.api.permits=5",
                        "forge.rate-limit.rules.api.period=60"))
                .isEqualTo("forge.rate-limit.rules.api.plans.pro.permits must be set");
    }

    @Test
    void takesZeroAsNoNearCacheAndNoExpiry() {
        application
                .withPropertyValues("forge.cache.caches.books.near-cache=0", "forge.cache.caches.books.ttl=0")
                .run(context -> assertThat(context).hasNotFailed());
    }

    private String problem(String property, String... more) {
        String[] found = new String[1];
        application
                .withPropertyValues(property)
                .withPropertyValues(more)
                .run(context -> found[0] = problem(context.getStartupFailure()));
        return found[0];
    }

    private static String problem(@Nullable Throwable failure) {
        Throwable each = failure;
        while (each != null) {
            if (each instanceof InvalidSettingsException invalid) {
                return invalid.problems().get(0);
            }
            each = each.getCause();
        }
        throw new AssertionError("not refused", failure);
    }
}
