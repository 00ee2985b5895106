package dev.forge.redis.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.ShippedAcl;
import dev.forge.redis.health.Finding.Code;
import dev.forge.redis.health.Finding.Severity;
import dev.forge.redis.internal.Connections;
import dev.forge.redis.internal.health.Diagnoser;
import dev.forge.redis.internal.protocol.ServerInfo;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTest {

    private static final Duration LONGEST = Duration.ofSeconds(6);

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create().withOption("maxmemory", "100mb");

    private EmbeddedRedis server;
    private RedisManager redis;
    private final List<Connections> opened = new ArrayList<>();

    @BeforeEach
    void connect() {
        server = SERVER.server();
        server.command("CONFIG", "SET", "maxmemory", "100mb");
        server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        redis = RedisManager.create(
                RedisSettings.builder(server.url()).keyPrefix("app:").build());
    }

    @AfterEach
    void close() {
        redis.close();
        opened.forEach(Connections::close);
    }

    @Test
    void findsNothingInAWellConfiguredCache() {
        redis.setSync("a", "1");

        // Except bugs of this server's version, and access to it, which cannot be seen from here.
        assertThat(redis.diagnoseSync().findings())
                .extracting(Finding::code)
                .isSubsetOf(Code.KNOWN_VULNERABILITIES, Code.NO_TRACKING, Code.NOT_CHECKED);
    }

    @Test
    void findsAServerWithoutAMemoryLimit() {
        server.command("CONFIG", "SET", "maxmemory", "0");

        assertThat(only(Code.NO_MEMORY_LIMIT).todo()).contains("redis-cli CONFIG SET maxmemory ");
    }

    @Test
    void findsACacheThatWouldRefuseWrites() {
        server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");

        Finding finding = only(Code.NO_EVICTION);
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.todo()).contains("maxmemory-policy allkeys-lru");
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "volatile-ttl"})
    void findsRateLimitsThatMayBeEvicted(String policy) {
        server.command("CONFIG", "SET", "maxmemory-policy", policy);
        redis.setSync("a", "1");
        assertThat(redis.diagnoseSync().has(Code.EVICTS_STATE)).isFalse();

        RateLimiter.slidingWindow(redis, "api", Limit.of(1, Duration.ofMinutes(1)))
                .tryAcquire("ada");

        assertThat(only(Code.EVICTS_STATE).what()).contains(policy);
    }

    @Test
    void doesNotAdviseEvictionWhereThereAreSessions() {
        server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
        server.command("HSET", "app:session", "a", "1");

        assertThat(only(Code.NO_EVICTION).severity()).isEqualTo(Severity.NOTE);
    }

    @Test
    void findsKeysWithoutATtlAndReportsHowManyWereChecked() {
        redis.setSync("ends", "1");
        redis.setSync("stays", "1", RedisManager.NO_EXPIRY);
        server.command("SET", "other:stays", "1");

        Finding finding = only(Code.KEYS_WITHOUT_TTL);

        assertThat(finding.what()).startsWith("1 of 2 keys have no TTL, for example app:stays");
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void checksABoundedNumberOfKeys() {
        server.command("EVAL", "for i = 1, 30000 do redis.call('SET', 'app:' .. i, i) end", "0");

        assertThat(only(Code.KEYS_WITHOUT_TTL).what()).startsWith("1000 of 1000 sampled keys have no TTL");
    }

    @ParameterizedTest
    @CsvSource({"3000, behind", "-3000, ahead of"})
    void findsClocksThatDiffer(long millis, String word) {
        InstantSource skewed = () -> Instant.now().plusMillis(millis);

        Diagnosis diagnosis = diagnoser(skewed).diagnose().join();

        assertThat(diagnosis.findings())
                .filteredOn(finding -> finding.code() == Code.CLOCK_SKEW)
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).containsPattern("(29|30)\\d\\d ms " + word));
    }

    @Test
    void allowsForTheTimeThatTheAnswerTakes() {
        InstantSource nearly = () -> Instant.now().minusMillis(900);

        assertThat(diagnoser(nearly).diagnose().join().has(Code.CLOCK_SKEW)).isFalse();
    }

    @Test
    void namesEachMissingPermissionAndTheCommandThatGrantsIt() {
        Set<String> needed = new TreeSet<>(ShippedAcl.commands());
        // The first two are sent before the login; the others are for a database, a Sentinel or a cluster.
        needed.removeAll(
                List.of("hello", "auth", "select", "role", "cluster|nodes", "cluster|slots", "asking", "readonly"));
        for (String command : needed) {
            List<String> rules = new ArrayList<>(ShippedAcl.rules("pw"));
            rules.remove("+" + command);
            user(rules);

            try (RedisManager weak = weak()) {
                Diagnosis diagnosis = weak.diagnoseSync();
                assertThat(diagnosis.findings())
                        .as("%s: %s", command, diagnosis)
                        .filteredOn(finding -> finding.code() == Code.MISSING_PERMISSION)
                        .singleElement()
                        .satisfies(finding -> assertThat(finding.todo())
                                .startsWith("redis-cli ACL SETUSER forge '+" + command + "'\n"));
            }
        }
        assertThat(needed).hasSizeGreaterThan(20);
    }

    @Test
    void findsNoMissingPermissionAndChangesNothingAsTheShippedUser() {
        user(ShippedAcl.rules("pw"));
        server.command("SET", "app:kept", "1", "EX", "100");
        String changes = ServerInfo.of(server.command("INFO", "persistence")).text("rdb_changes_since_last_save");

        try (RedisManager weak = weak()) {
            assertThat(weak.diagnoseSync().has(Code.MISSING_PERMISSION)).isFalse();
        }

        assertThat(ServerInfo.of(server.command("INFO", "persistence")).text("rdb_changes_since_last_save"))
                .isEqualTo(changes);
        assertThat(server.command("DBSIZE")).isEqualTo("1");
    }

    @Test
    void findsAUserWithoutPermissionForOurDatabase() {
        List<String> rules = new ArrayList<>(ShippedAcl.rules("pw"));
        rules.add("db=1");
        assumeThat(server.command("INFO", "server"))
                .as("rules for databases, from Valkey 9.1 on")
                .containsPattern("valkey_version:(9\\.[1-9]|[1-9]\\d)");
        user(rules);

        try (RedisManager weak = weak()) {
            assertThat(weak.diagnoseSync().findings())
                    .filteredOn(finding -> finding.code() == Code.MISSING_PERMISSION)
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.todo()).startsWith("redis-cli ACL SETUSER forge db=0\n"));
            server.command("ACL", "SETUSER", "forge", "db=0");
            assertThat(weak.diagnoseSync().has(Code.MISSING_PERMISSION)).isFalse();
        }
    }

    @Test
    void findsAUserWithoutPermissionForOurKeys() {
        List<String> rules = new ArrayList<>(ShippedAcl.rules("pw"));
        rules.set(rules.indexOf("~app:*"), "~other:*");
        user(rules);

        try (RedisManager weak = weak()) {
            assertThat(weak.diagnoseSync().findings())
                    .filteredOn(finding -> finding.code() == Code.MISSING_PERMISSION)
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.todo()).contains("ACL SETUSER forge '~app:*'"));
        }
    }

    @Test
    void reportsWhatItCouldNotCheck() {
        List<String> rules = new ArrayList<>(ShippedAcl.rules("pw"));
        rules.removeAll(List.of("+info", "+scan", "+time"));
        user(rules);

        try (RedisManager weak = weak()) {
            Diagnosis diagnosis = weak.diagnoseSync();

            assertThat(diagnosis.findings())
                    .filteredOn(finding -> finding.code() == Code.NOT_CHECKED)
                    .extracting(Finding::what)
                    .containsExactlyInAnyOrder(
                            "Keys without a TTL could not be checked: the user lacks the permission.",
                            "Memory could not be checked: the user lacks the permission.",
                            "The clock of the server could not be checked: the user lacks the permission.",
                            "The version could not be checked: the user lacks the permission.");
            assertThat(diagnosis.has(Code.NO_MEMORY_LIMIT)).isFalse();
        }
    }

    @Test
    void isOneFindingWhenRedisIsUnreachable() {
        try (EmbeddedRedis doomed = EmbeddedRedis.start();
                RedisManager manager = RedisManager.create(RedisSettings.of(doomed.url()))) {
            doomed.kill();

            assertThat(inTime(manager).findings()).extracting(Finding::code).containsExactly(Code.UNREACHABLE);
        }
    }

    /** The text of the server ends with a period of its own. */
    @Test
    void isOneSentenceWhenTheServerRefusesTheLogin() {
        try (EmbeddedRedis server = EmbeddedRedis.builder().password("right").start();
                RedisManager manager =
                        RedisManager.create(RedisSettings.of("redis://:wrong@127.0.0.1:" + server.port()))) {
            assertThat(inTime(manager).findings())
                    .singleElement()
                    .extracting(Finding::what)
                    .asString()
                    .contains("WRONGPASS")
                    .endsWith("disabled.")
                    .doesNotEndWith("..");
        }
    }

    @Test
    void isOneFindingWhenRedisIsUnresponsive() throws IOException {
        try (ServerSocket hung = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                RedisManager manager =
                        RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + hung.getLocalPort()))) {
            assertThat(inTime(manager).findings()).extracting(Finding::code).containsExactly(Code.UNREACHABLE);
        }
    }

    @Test
    void endsInTimeWhenTheServerStopsAnsweringHalfWay() {
        try (EmbeddedRedis paused = EmbeddedRedis.start();
                RedisManager manager = RedisManager.create(RedisSettings.of(paused.url()))) {
            manager.initializeSync();
            paused.command("CLIENT", "PAUSE", "20000", "WRITE");

            assertThat(inTime(manager).findings())
                    .extracting(Finding::what)
                    .anyMatch(what -> what.startsWith("The permissions of the user could not be checked: "));
        }
    }

    @Test
    void isFormattedForATerminal() {
        server.command("CONFIG", "SET", "maxmemory", "0");

        assertThat(redis.diagnoseSync().toString())
                .contains("WARNING NO_MEMORY_LIMIT: The server has no memory limit: maxmemory is 0.\n    why: It grows")
                .contains("\n    do:  redis-cli CONFIG SET maxmemory 1gb");
        assertThat(new Diagnosis(List.of())).hasToString("nothing found");
    }

    private Finding only(Code code) {
        return redis.diagnoseSync().findings().stream()
                .filter(finding -> finding.code() == code)
                .findFirst()
                .orElseThrow();
    }

    private Diagnoser diagnoser(InstantSource clock) {
        RedisSettings settings = redis.settings();
        Connections connections = new Connections(settings);
        opened.add(connections);
        return new Diagnoser(connections.commands(), settings, "app:x".getBytes(UTF_8), clock, connections.scheduler());
    }

    private void user(List<String> rules) {
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", "forge", "reset"));
        command.addAll(rules.subList(1, rules.size()));
        server.command(command.toArray(String[]::new));
    }

    private RedisManager weak() {
        return RedisManager.create(
                redis.settings().toBuilder().login(RedisLogin.of("forge", "pw")).build());
    }

    private static Diagnosis inTime(RedisManager manager) {
        long start = System.nanoTime();
        Diagnosis diagnosis = manager.diagnoseSync();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
        return diagnosis;
    }
}
