package dev.forge.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reading everything that Redis stores, stored or received does not allow to take over a session. */
class SessionSecurityTest {

    private final List<String> ids = new ArrayList<>();

    @Test
    void leavesNoIdInAnythingThatRedisHasOrWrites() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.builder()
                .option("appendonly", "yes")
                .option("appendfsync", "always")
                .option("rdbcompression", "no")
                .option("slowlog-log-slower-than", "0")
                .option("slowlog-max-len", "100000")
                .start()) {
            Map<String, String> artefacts = new LinkedHashMap<>();
            try (Monitor monitor = new Monitor(server.port(), "default", "any");
                    RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
                useEverything(SessionStore.create(redis));
                redis.setSync("the last", "1");
                await().atMost(Duration.ofSeconds(20)).until(() -> monitor.saw("the last"));
                for (String key : redis.getSyncClient().keys("*")) {
                    artefacts.merge("SCAN", key, String::concat);
                    artefacts.merge("DUMP", new String(redis.getSyncClient().dump(key), ISO_8859_1), String::concat);
                }
                artefacts.put("MONITOR", monitor.text());
                artefacts.put("SLOWLOG", server.command("SLOWLOG", "GET", "100000"));
            }
            server.command("SAVE");
            artefacts.put("files", files(directory(server)));

            String digest = digest(ids.get(ids.size() - 1));
            // The search covers the right places: what Redis may know is found.
            assertThat(artefacts.get("SCAN")).contains(digest);
            assertThat(artefacts.get("DUMP")).contains("ada");
            assertThat(artefacts.get("MONITOR")).contains(digest);
            assertThat(artefacts.get("SLOWLOG")).contains(digest);
            assertThat(artefacts.get("files").split(digest, -1)).hasSizeGreaterThan(3);
            assertThat(new HashSet<>(ids)).hasSizeGreaterThan(20);
            artefacts.forEach((name, content) -> assertThat(ids)
                    .as(name)
                    .noneMatch(id -> content.contains(id)
                            || content.contains(hex(Base64.getUrlDecoder().decode(id)))
                            || content.contains(
                                    new String(Base64.getUrlDecoder().decode(id), ISO_8859_1))));
        }
    }

    @Test
    void makesUnpredictableIds() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            SessionStore sessions = SessionStore.create(redis);
            int[] ones = new int[256];
            Set<String> seen = new HashSet<>();
            int count = 400;
            for (int i = 0; i < count; i++) {
                String id = sessions.create(Session.ANONYMOUS, Map.of()).id().value();
                byte[] bytes = Base64.getUrlDecoder().decode(id);
                assertThat(bytes).hasSize(32);
                assertThat(seen.add(id)).isTrue();
                for (int bit = 0; bit < ones.length; bit++) {
                    ones[bit] += (bytes[bit / 8] >> (bit % 8)) & 1;
                }
            }

            // Each of the 256 bits is 0 as often as 1; a fair bit does not deviate this far in a lifetime of builds.
            assertThat(Arrays.stream(ones).boxed().toList())
                    .allSatisfy(number -> assertThat(number).isBetween(count / 5, count * 4 / 5));
        }
    }

    private void useEverything(SessionStore sessions) {
        for (int i = 0; i < 5; i++) {
            String first = remember(sessions.create(Session.ANONYMOUS, Map.of("cart", "3")));
            String login = remember(sessions.rotate(first, "ada").orElseThrow());
            sessions.get(login);
            sessions.touch(login);
            sessions.merge(login, Map.of("theme", "dark"));
            Session merged = sessions.get(login).orElseThrow();
            sessions.save(merged.with("step", "2"));
            sessions.save(merged);
            sessions.remove(login, List.of("theme"));
            String renewed = remember(sessions.rotate(login).orElseThrow());
            sessions.sessionsOf("ada");
            // Requests sessions that have ended, and ones that never existed, too.
            sessions.get(first);
            sessions.merge(login, Map.of("a", "1"));
            String guess = String.valueOf((char) ('b' + i)).repeat(42) + "A";
            ids.add(guess);
            sessions.get(guess);
            sessions.rotate(guess);
            sessions.delete(guess);
            sessions.delete(renewed);
        }
        sessions.create("ada", Map.of());
        sessions.deleteAllOf("ada");
        remember(sessions.create("ada", Map.of("theme", "dark")));
    }

    private String remember(Session session) {
        ids.add(session.id().value());
        return session.id().value();
    }

    private static String digest(String id) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static Path directory(EmbeddedRedis server) {
        List<String> reply = server.command("CONFIG", "GET", "dir").lines().toList();
        return Path.of(reply.get(reply.size() - 1));
    }

    /** Returns all that the server has written: its snapshot, its append-only file and its log. */
    private static String files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return Files.readString(file, ISO_8859_1);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .reduce("", String::concat);
        }
    }
}
