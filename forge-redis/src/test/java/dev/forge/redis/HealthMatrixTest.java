package dev.forge.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.health.Health;
import dev.forge.redis.health.Health.Down;
import dev.forge.redis.health.Health.ReadOnly;
import dev.forge.redis.health.Health.Reason;
import dev.forge.redis.health.Health.Up;
import dev.forge.redis.internal.protocol.ServerInfo;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.ServerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class HealthMatrixTest {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final Duration FLIP = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    // Half a second, plus the time that a busy machine takes to wake a thread.
    private static final Duration LONGEST_ANSWER = Duration.ofMillis(700);

    @AutoClose
    private final Stalls stalls = new Stalls();

    /** A fault of a server: the health it leads to, how to cause it, and how to repair it. */
    record State(String name, Predicate<Health> seen, Consumer<EmbeddedRedis> enter, Consumer<EmbeddedRedis> leave) {

        State(ServerState state, Predicate<Health> seen) {
            this(state.name(), seen, server -> server.enter(state), EmbeddedRedis::recover);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<State> states() {
        return List.of(
                new State(ServerState.LOADING, down(Reason.LOADING)),
                new State(ServerState.MISCONF, readOnly(Reason.CANNOT_PERSIST)),
                new State(ServerState.OOM, readOnly(Reason.OUT_OF_MEMORY)),
                new State(ServerState.READONLY, readOnly(Reason.REPLICA)),
                new State(
                        "a replica that takes writes",
                        readOnly(Reason.REPLICA),
                        server -> {
                            server.command("CONFIG", "SET", "replica-read-only", "no");
                            server.command("REPLICAOF", "127.0.0.1", "1");
                        },
                        server -> server.command("REPLICAOF", "NO", "ONE")),
                new State(ServerState.NOREPLICAS, readOnly(Reason.TOO_FEW_REPLICAS)),
                new State(ServerState.MASTERDOWN, down(Reason.PRIMARY_LOST)),
                new State(ServerState.CLUSTERDOWN, down(Reason.NOT_SERVED)),
                new State(ServerState.BUSY, down(Reason.BUSY)),
                new State(ServerState.NOAUTH, down(Reason.AUTHENTICATION)),
                new State(
                        "the user is gone",
                        down(Reason.AUTHENTICATION),
                        server -> server.command("ACL", "DELUSER", "app"),
                        server -> user(server, "on", ">app", "~*", "+@all")),
                new State(
                        "the user may not read",
                        down(Reason.NOT_PERMITTED),
                        server -> user(server, "-exists"),
                        server -> user(server, "+exists")),
                new State(
                        "the user may not write",
                        readOnly(Reason.NOT_PERMITTED),
                        server -> user(server, "-set"),
                        server -> user(server, "+set")),
                new State("killed", down(Reason.UNREACHABLE), EmbeddedRedis::kill, EmbeddedRedis::restart),
                new State("frozen", down(Reason.NO_ANSWER), EmbeddedRedis::freeze, EmbeddedRedis::thaw));
    }

    @ParameterizedTest
    @MethodSource("states")
    void reportsEachStateInHalfASecondAndEachChangeWithinTwo(State state) {
        // NOAUTH can only happen without a user name.
        boolean named = !state.name().equals(ServerState.NOAUTH.name());
        try (EmbeddedRedis server = serverFor(state);
                RedisManager redis = named ? asUser(server) : RedisManager.create(RedisSettings.of(server.url()))) {
            await().atMost(PATIENCE).until(() -> redis.healthSync() instanceof Up);

            state.enter().accept(server);
            awaitInTime(redis, state.seen());

            state.leave().accept(server);
            awaitInTime(redis, Up.class::isInstance);
        }
    }

    @Test
    void isDownInHalfASecondWhenThePortNeverAnswers() throws IOException {
        try (ServerSocket hung = new ServerSocket(0, 50, InetAddress.getByAddress(LOOPBACK));
                RedisManager redis =
                        RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + hung.getLocalPort()))) {
            assertThat(inTime(redis)).matches(down(Reason.NO_ANSWER));
        }
    }

    @Test
    void reportsTooManyClients() throws IOException {
        try (EmbeddedRedis server = builder().start();
                RedisManager redis = asUser(server)) {
            redis.initializeSync();
            try (Socket other = new Socket(InetAddress.getByAddress(LOOPBACK), server.port())) {
                other.getOutputStream()
                        .write("AUTH app app\r\nCONFIG SET maxclients 1\r\nCLIENT KILL USER app\r\n"
                                .getBytes(US_ASCII));
                awaitInTime(redis, down(Reason.TOO_MANY_CLIENTS));
            }
            awaitInTime(redis, Up.class::isInstance);
        }
    }

    @Test
    void changesNothingAndReplicatesNothing() {
        try (EmbeddedRedis primary = EmbeddedRedis.builder()
                        .option("repl-ping-replica-period", "3600")
                        .option("repl-diskless-sync-delay", "0")
                        .start();
                EmbeddedRedis replica = EmbeddedRedis.builder()
                        .option("replicaof", "127.0.0.1", Integer.toString(primary.port()))
                        .start();
                RedisManager redis = RedisManager.create(RedisSettings.of(primary.url()))) {
            primary.command("SET", "a", "1");
            await().atMost(PATIENCE).until(() -> replica.command("EXISTS", "a").equals("1"));
            String changes = field(primary, "persistence", "rdb_changes_since_last_save");
            String offset = field(primary, "replication", "master_repl_offset");

            assertThat(redis.healthSync()).isInstanceOf(Up.class);

            assertThat(field(primary, "commandstats", "cmdstat_set")).contains("calls=2");
            assertThat(field(primary, "persistence", "rdb_changes_since_last_save"))
                    .isEqualTo(changes);
            assertThat(field(primary, "replication", "master_repl_offset")).isEqualTo(offset);
            assertThat(primary.command("DBSIZE")).isEqualTo("1");
        }
    }

    @Test
    void needsNoPermissionForInfo() {
        try (EmbeddedRedis server = builder().start();
                RedisManager redis = asUser(server)) {
            user(server, "-info");

            assertThat(redis.healthSync()).isInstanceOfSatisfying(Up.class, up -> {
                assertThat(up.details().version()).isEqualTo("unknown");
                assertThat(up.details().role()).isEqualTo("unknown");
                assertThat(up.details().usedMemory()).isEqualTo(-1);
            });
            server.enter(ServerState.OOM);
            awaitInTime(redis, readOnly(Reason.OUT_OF_MEMORY));
        }
    }

    @Test
    void isDownAtOnceAfterClose() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            RedisManager redis = RedisManager.create(RedisSettings.of(server.url()));
            assertThat(redis.healthSync()).isInstanceOf(Up.class);

            redis.close();

            assertThat(redis.healthSync()).matches(down(Reason.CLOSED));
        }
    }

    private static Predicate<Health> readOnly(Reason reason) {
        return health -> health instanceof ReadOnly readOnly && readOnly.reason() == reason;
    }

    private static Predicate<Health> down(Reason reason) {
        return health -> health instanceof Down down && down.reason() == reason;
    }

    private static EmbeddedRedis serverFor(State state) {
        if (!state.name().equals(ServerState.CLUSTERDOWN.name())) {
            return builder().start();
        }
        EmbeddedRedis cluster = builder().state(ServerState.CLUSTERDOWN).start();
        cluster.recover();
        return cluster;
    }

    private static EmbeddedRedis.Builder builder() {
        return EmbeddedRedis.builder().user("app", "app", "~*", "+@all");
    }

    private static RedisManager asUser(EmbeddedRedis server) {
        return RedisManager.create(RedisSettings.builder(server.url())
                .login(RedisLogin.of("app", "app"))
                .build());
    }

    private static void user(EmbeddedRedis server, String... rules) {
        String[] command = new String[rules.length + 3];
        command[0] = "ACL";
        command[1] = "SETUSER";
        command[2] = "app";
        System.arraycopy(rules, 0, command, 3, rules.length);
        server.command(command);
    }

    private void awaitInTime(RedisManager redis, Predicate<Health> seen) {
        long start = System.nanoTime();
        await().pollInSameThread().atMost(PATIENCE).until(() -> inTime(redis), seen);
        assertThat(stalls.ranSince(start)).isLessThan(FLIP);
    }

    private Health inTime(RedisManager redis) {
        long start = System.nanoTime();
        Health health = redis.healthSync();
        assertThat(stalls.ranSince(start)).isLessThan(LONGEST_ANSWER);
        return health;
    }

    private static String field(EmbeddedRedis server, String section, String name) {
        return ServerInfo.of(server.command("INFO", section)).text(name);
    }
}
