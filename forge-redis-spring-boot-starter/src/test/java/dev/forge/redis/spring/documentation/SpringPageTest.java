package dev.forge.redis.spring.documentation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.embedded.EmbeddedRedisAutoConfiguration;
import dev.forge.redis.test.EmbeddedRedis;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SpringPageTest {

    private static final String METADATA = "/META-INF/spring-configuration-metadata.json";
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    /** Of a login and of files there is none; a wildcard has none of its own. Options of caches are off. */
    private static final List<String> WITHOUT_DEFAULT = List.of(
            "forge.cache.caches",
            "forge.cache.defaults.compress-above",
            "forge.cache.defaults.load-timeout",
            "forge.cache.defaults.near-cache",
            "forge.cache.defaults.near-cache-size",
            "forge.cache.defaults.server",
            "forge.cache.defaults.stale-for",
            "forge.cache.defaults.tags",
            "forge.cache.defaults.ttl",
            "forge.cache.defaults.type",
            "forge.rate-limit.rules",
            "forge.rate-limit.server",
            "forge.rate-limit.trusted-proxies",
            "forge.redis.servers",
            "forge.redis.username",
            "forge.redis.password",
            "forge.redis.password-file",
            "forge.redis.ssl-bundle",
            "forge.redis.tls-ca-file",
            "forge.redis.tls-cert-file",
            "forge.redis.tls-key-file",
            "forge.redis.tls-key-password",
            "forge.session.server");

    /** Of the page on rate limits only the examples with annotations: those of the library alone are compiled there. */
    @ParameterizedTest
    @CsvSource({"spring.md, 3", "spring-cache.md, 5", "rate-limits.md, 1"})
    void showsOnlyExamplesThatCompile(String page, int number) throws IOException {
        Path sources = Path.of("src/test/java/dev/forge/redis/spring/documentation");
        String compiled = withoutIndentation(Files.readString(sources.resolve("Application.java"))
                + Files.readString(sources.resolve("GreetingsTest.java"))
                + Files.readString(sources.resolve("SpringSnippets.java")));

        List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("../docs", page)))
                .results()
                .map(found -> withoutIndentation(found.group(1)))
                .filter(example -> example.startsWith("@"))
                .toList();

        assertThat(examples)
                .hasSize(number)
                .allSatisfy(example -> assertThat(compiled).contains(example));
    }

    @Test
    void showsAServerWithOptionsThatApplicationsConnectTo() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ForgeRedisAutoConfiguration.class, EmbeddedRedisAutoConfiguration.class))
                .withUserConfiguration(Application.WithOptions.class)
                .run(context -> {
                    context.getBean(RedisManager.class).setSync("a", "1");
                    assertThat(context.getBean(EmbeddedRedis.class).command("GET", "a"))
                            .isEqualTo("1");
                });
    }

    @Test
    void saysOfEveryPropertyOfSpringDataRedisWhatForgeDoes() throws IOException {
        String page = page();

        List<String> names = entries("properties", DataRedisAutoConfiguration.class).stream()
                .map(property -> String.valueOf(property.get("name")))
                .filter(name -> name.startsWith("spring.data.redis.") && !name.equals("spring.data.redis.ssl"))
                .toList();

        assertThat(names)
                .hasSizeGreaterThan(30)
                .allSatisfy(name -> assertThat(page).containsAnyOf("`" + name + "`", "`" + groupOf(name) + ".*`"));
    }

    @Test
    void describesEveryPropertyOfForgeToEditors() throws IOException {
        Collection<Map<?, ?>> properties = entries("properties", ForgeRedisAutoConfiguration.class);

        assertThat(properties).hasSizeGreaterThan(20).allSatisfy(property -> {
            assertThat(String.valueOf(property.get("description"))).endsWith(".");
            assertThat(property.get("type")).isNotNull();
            if (!WITHOUT_DEFAULT.contains(property.get("name"))) {
                assertThat(property.get("defaultValue")).isNotNull();
            }
        });
        List<String> names = properties.stream()
                .map(property -> String.valueOf(property.get("name")))
                .toList();
        assertThat(names).containsAll(WITHOUT_DEFAULT).doesNotHaveDuplicates();
        assertThat(entries("hints", ForgeRedisAutoConfiguration.class).stream()
                        .map(hint -> String.valueOf(hint.get("name"))))
                .contains("forge.redis.tls-verify", "forge.redis.read-from", "forge.redis.default-ttl")
                .allSatisfy(name -> assertThat(names).contains(name));
    }

    private static String groupOf(String name) {
        for (String group : List.of("lettuce.pool", "jedis.pool", "listener")) {
            if (name.startsWith("spring.data.redis." + group + ".")) {
                return "spring.data.redis." + group;
            }
        }
        return name;
    }

    static Collection<Map<?, ?>> entries(String kind, Class<?> ofJar) throws IOException {
        String place = String.valueOf(ofJar.getResource(ofJar.getSimpleName() + ".class"));
        String root = place.substring(0, place.length() - ofJar.getName().length() - ".class".length() - 1);
        try (InputStream json = URI.create(root + METADATA).toURL().openStream()) {
            Map<String, Object> parsed =
                    JsonParserFactory.getJsonParser().parseMap(new String(json.readAllBytes(), StandardCharsets.UTF_8));
            return ((Collection<?>) requireNonNull(parsed.get(kind)))
                    .stream().map(entry -> (Map<?, ?>) entry).collect(Collectors.toList());
        }
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/from-spring-data-redis.md"));
    }

    /** An example is not indented on the page, whatever its indentation in the source. */
    private static String withoutIndentation(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
