package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.health.Health;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.SettingsReader;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentationTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/tutorial-existing-application.md",
                "docs/cache.md",
                "docs/rate-limits.md",
                "docs/sessions.md",
                "docs/settings.md",
                "docs/pattern-deletion.md"
            })
    void showsOnlyExamplesThatCompile(String page) throws IOException {
        Path sources = Path.of("src/test/java/dev/forge/redis");
        String snippets = trimmed(Files.readString(sources.resolve("Snippets.java"))
                + Files.readString(sources.resolve("TutorialSnippets.java")));

        List<String> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(Path.of("..", page)));
        while (matcher.find()) {
            // Those that begin with an annotation are for Spring, and compiled by the starter's tests.
            if (!matcher.group(1).startsWith("@")) {
                blocks.add(trimmed(matcher.group(1)));
            }
        }

        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(snippets).contains(block));
    }

    @Test
    void showsOnlyExamplesThatRun() {
        Snippets.UserProfile ada = new Snippets.UserProfile(42, "Ada");
        Snippets.Users users = new Snippets.Users() {
            @Override
            public Optional<Snippets.UserProfile> find(String id) {
                return Optional.of(ada);
            }

            @Override
            public Map<String, Snippets.UserProfile> findAll(Set<String> ids) {
                return Map.of("1", ada);
            }
        };
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            Snippets snippets = new Snippets(redis, users);
            AtomicInteger commits = new AtomicInteger();
            snippets.snapshot(new Snippets.Connection() {
                @Override
                public void setAutoCommit(boolean on) {
                    // Nothing to begin.
                }

                @Override
                public void commit() {
                    commits.incrementAndGet();
                }
            });
            assertThat(commits).hasValue(1);

            assertThat(snippets.cache("acme", ada)).contains(ada);
            snippets.rateLimit("ada");
            assertThat(snippets.rateLimits("ada").isAllowed()).isTrue();
            assertThat(snippets.session("ada")).isPresent();
            snippets.deletion(new Keyspace("profiles"), "acme");
            assertThat(snippets.login("ada")).isEqualTo(1);
        }
    }

    /** What the tutorial says of its own example: one query for two look-ups, and no outage when Redis is down. */
    @Test
    void runsTheTutorial() {
        AtomicInteger queries = new AtomicInteger();
        AtomicReference<String> name = new AtomicReference<>("Ada");
        TutorialSnippets.Users users = new TutorialSnippets.Users() {
            @Override
            public Optional<TutorialSnippets.UserProfile> find(String id) {
                queries.incrementAndGet();
                return Optional.of(new TutorialSnippets.UserProfile(42, name.get()));
            }

            @Override
            public void rename(String id, String newName) {
                name.set(newName);
            }
        };
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            TutorialSnippets.CachedUsers cached = new TutorialSnippets.CachedUsers(redis, users);
            cached.find("42");
            cached.find("42");
            assertThat(queries).hasValue(1);

            cached.rename("42", "Grace");
            assertThat(cached.find("42").orElseThrow().name()).isEqualTo("Grace");

            server.kill();
            cached.rename("42", "Mary");
            assertThat(cached.find("42").orElseThrow().name()).isEqualTo("Mary");
            TutorialSnippets.watch(redis);
        }
    }

    @Test
    void namesEveryVariable() throws IOException {
        String page = Files.readString(Path.of("../docs/settings.md"));

        assertThat(SettingsReader.NAMES)
                .hasSize(16)
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void explainsEveryReasonToTheOperator() throws IOException {
        String page = Files.readString(Path.of("../docs/operations.md"));

        assertThat(Health.Reason.values())
                .hasSizeGreaterThan(10)
                .allSatisfy(reason -> assertThat(page).contains("`" + reason + "`"));
        assertThat(RefusalReason.values())
                .hasSizeGreaterThan(10)
                .allSatisfy(reason -> assertThat(page).contains("`" + reason + "`"));
    }

    private static String trimmed(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
