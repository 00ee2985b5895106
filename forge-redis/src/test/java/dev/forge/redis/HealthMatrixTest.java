package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Health.Down;
import dev.forge.redis.Health.ReadOnly;
import dev.forge.redis.Health.Reason;
import dev.forge.redis.Health.Up;
import dev.forge.redis.test.EmbeddedRedis;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HealthMatrixTest {

    private static final String CLUSTERDOWN = "CLUSTERDOWN";
    private static final Duration FLIP = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    // Half a second, and what a busy machine takes to wake a thread.
    private static final Duration LONGEST_ANSWER = Duration.ofMillis(700);

    /** What can be wrong with a server, how it is brought about, and how it is put right. */
    private record State(
            String name, Predicate<Health> seen, Login login, Consumer<Server> enter, Consumer<Server> leave) {
        @Override
        public String toString() {
            return name;
        }
    }

    private enum Login {
        NONE,
        USER
    }

    private static List<State> states() {
        return List.of(
                new State("LOADING", down(Reason.LOADING), Login.NONE, Server::beginToLoad, Server::awaitLoaded),
                new State(
                        "MISCONF",
                        readOnly(Reason.CANNOT_PERSIST),
                        Login.NONE,
                        Server::failToSave,
                        s -> s.config("save", "")),
                new State(
                        "OOM",
                        readOnly(Reason.OUT_OF_MEMORY),
                        Login.NONE,
                        s -> s.config("maxmemory", "1"),
                        s -> s.config("maxmemory", "0")),
                new State(
                        "READONLY",
                        readOnly(Reason.REPLICA),
                        Login.NONE,
                        s -> s.admin.replicaof("127.0.0.1", 1),
                        Server::bePrimary),
                new State(
                        "a replica that takes writes",
                        readOnly(Reason.REPLICA),
                        Login.NONE,
                        Server::becomeWritableReplica,
                        Server::bePrimary),
                new State(
                        "NOREPLICAS",
                        readOnly(Reason.TOO_FEW_REPLICAS),
                        Login.NONE,
                        s -> s.config("min-replicas-to-write", "1"),
                        s -> s.config("min-replicas-to-write", "0")),
                new State("MASTERDOWN", down(Reason.PRIMARY_LOST), Login.NONE, Server::losePrimary, Server::bePrimary),
                new State(
                        CLUSTERDOWN,
                        down(Reason.NOT_SERVED),
                        Login.NONE,
                        s -> s.admin.clusterDelSlots(7),
                        s -> s.admin.clusterAddSlots(7)),
                new State("BUSY", down(Reason.BUSY), Login.NONE, Server::runForEver, s -> s.admin.scriptKill()),
                new State(
                        "NOAUTH",
                        down(Reason.AUTHENTICATION),
                        Login.NONE,
                        Server::demandPassword,
                        s -> s.config("requirepass", "")),
                new State(
                        "WRONGPASS",
                        down(Reason.AUTHENTICATION),
                        Login.USER,
                        s -> s.admin.aclDeluser("app"),
                        Server::createUser),
                new State(
                        "NOPERM to read",
                        down(Reason.NOT_PERMITTED),
                        Login.USER,
                        s -> s.user("-exists"),
                        s -> s.user("+exists")),
                new State(
                        "NOPERM to write",
                        readOnly(Reason.NOT_PERMITTED),
                        Login.USER,
                        s -> s.user("-set"),
                        s -> s.user("+set")),
                new State(
                        "maxclients",
                        down(Reason.TOO_MANY_CLIENTS),
                        Login.NONE,
                        Server::refuseClients,
                        s -> s.config("maxclients", "100")),
                new State("killed", down(Reason.UNREACHABLE), Login.NONE, s -> s.redis.kill(), s -> s.redis.restart()),
                new State("frozen", down(Reason.NO_ANSWER), Login.NONE, s -> s.redis.freeze(), s -> s.redis.thaw()));
    }

    private static Predicate<Health> readOnly(Reason reason) {
        return health -> health instanceof ReadOnly readOnly && readOnly.reason() == reason;
    }

    private static Predicate<Health> down(Reason reason) {
        return health -> health instanceof Down down && down.reason() == reason;
    }

    @ParameterizedTest
    @MethodSource("states")
    void tellsEachStateInHalfASecondAndFlipsWithinTwo(State state) {
        try (Server server = new Server(state.name().equals(CLUSTERDOWN));
                RedisManager redis = RedisManager.create(server.settings(state.login() == Login.USER))) {
            await().atMost(PATIENCE).until(() -> redis.health() instanceof Up);

            state.enter().accept(server);
            await().pollInSameThread().atMost(FLIP).until(() -> inTime(redis), state.seen());

            state.leave().accept(server);
            await().pollInSameThread().atMost(FLIP).until(() -> inTime(redis), Up.class::isInstance);
        }
    }

    @Test
    void isDownInHalfASecondWhenNothingBehindThePortEverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                RedisManager redis =
                        RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + silent.getLocalPort()))) {
            assertThat(inTime(redis))
                    .isInstanceOfSatisfying(
                            Down.class, down -> assertThat(down.reason()).isEqualTo(Reason.NO_ANSWER));
        }
    }

    @Test
    void changesNothingAndTellsReplicasNothing() {
        try (EmbeddedRedis primary = EmbeddedRedis.builder()
                        .option("repl-ping-replica-period", "3600")
                        .option("repl-diskless-sync-delay", "0")
                        .start();
                EmbeddedRedis replica = EmbeddedRedis.builder()
                        .option("replicaof", "127.0.0.1", Integer.toString(primary.port()))
                        .start();
                RedisManager redis = RedisManager.create(RedisSettings.of(primary.url()));
                RedisManager follower = RedisManager.create(RedisSettings.of(replica.url()))) {
            redis.setSync("a", "1");
            await().atMost(PATIENCE).until(() -> follower.getSync("a").isPresent());
            String changes = field(redis, "persistence", "rdb_changes_since_last_save");
            String offset = field(redis, "replication", "master_repl_offset");

            assertThat(redis.health()).isInstanceOf(Up.class);

            assertThat(field(redis, "commandstats", "cmdstat_set")).contains("calls=2");
            assertThat(field(redis, "persistence", "rdb_changes_since_last_save"))
                    .isEqualTo(changes);
            assertThat(field(redis, "replication", "master_repl_offset")).isEqualTo(offset);
            assertThat(redis.getSyncClient().dbsize()).isEqualTo(1);
        }
    }

    @Test
    void needsNoRightToSeeWhatTheServerSaysOfItself() {
        try (Server server = new Server(false);
                RedisManager redis = RedisManager.create(server.settings(true))) {
            server.user("-info");

            assertThat(redis.health()).isInstanceOfSatisfying(Up.class, up -> {
                assertThat(up.details().version()).isEqualTo("unknown");
                assertThat(up.details().role()).isEqualTo("unknown");
                assertThat(up.details().usedMemory()).isEqualTo(-1);
            });
            server.config("maxmemory", "1");
            await().pollInSameThread().atMost(FLIP).until(redis::health, readOnly(Reason.OUT_OF_MEMORY));
        }
    }

    @Test
    void isDownAtOnceAfterClose() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            RedisManager redis = RedisManager.create(RedisSettings.of(server.url()));
            assertThat(redis.health()).isInstanceOf(Up.class);

            redis.close();

            assertThat(redis.health())
                    .isInstanceOfSatisfying(
                            Down.class, down -> assertThat(down.reason()).isEqualTo(Reason.CLOSED));
        }
    }

    private static Health inTime(RedisManager redis) {
        long start = System.nanoTime();
        Health health = redis.health();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST_ANSWER);
        return health;
    }

    private static String field(RedisManager redis, String section, String name) {
        return ServerInfo.of(redis.getSyncClient().info(section)).text(name);
    }

    /** A server, and somebody who may do anything with it. */
    private static final class Server implements AutoCloseable {
        private static final int SLOTS = 16_384;

        private final EmbeddedRedis redis;
        private final RedisClient client;
        private final StatefulRedisConnection<String, String> connection;
        private final RedisCommands<String, String> admin;

        Server(boolean cluster) {
            EmbeddedRedis.Builder builder = EmbeddedRedis.builder()
                    .option("lua-time-limit", "50")
                    .option("rdbcompression", "no")
                    .option("user", "admin", "on", ">admin", "~*", "&*", "+@all");
            redis = (cluster ? builder.option("cluster-enabled", "yes") : builder).start();
            client = RedisClient.create(RedisURI.builder()
                    .withHost("127.0.0.1")
                    .withPort(redis.port())
                    .withAuthentication("admin", "admin")
                    .build());
            connection = client.connect();
            admin = connection.sync();
            createUser();
            if (cluster) {
                admin.clusterAddSlots(IntStream.range(0, SLOTS).toArray());
            }
        }

        RedisSettings settings(boolean asUser) {
            RedisSettings settings = RedisSettings.of(redis.url());
            return asUser ? settings.withLogin(RedisLogin.of("app", "app")) : settings;
        }

        void createUser() {
            user("on", ">app", "~*", "+@all");
        }

        void user(String... rules) {
            CommandArgs<String, String> args =
                    new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add("app");
            List.of(rules).forEach(args::add);
            admin.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), args);
        }

        void config(String name, String value) {
            admin.configSet(name, value);
        }

        /** A reload looks after its clients every two megabytes, and is made to take its time. */
        void beginToLoad() {
            String big = "x".repeat(2 << 20);
            for (int i = 0; i < 40; i++) {
                admin.set("big" + i, big);
            }
            config("key-load-delay", "100000");
            connection
                    .async()
                    .dispatch(
                            CommandType.DEBUG,
                            new StatusOutput<>(StringCodec.UTF8),
                            new CommandArgs<>(StringCodec.UTF8).add("RELOAD"));
        }

        void awaitLoaded() {
            await().atMost(PATIENCE).until(() -> admin.exists("big1") == 1);
        }

        /** A folder is where the file should go. */
        void failToSave() {
            config("save", "3600 1");
            try {
                Files.createDirectory(Path.of(admin.configGet("dir").get("dir"), "dump.rdb"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            admin.bgsave();
        }

        void bePrimary() {
            admin.replicaofNoOne();
        }

        void becomeWritableReplica() {
            config("replica-read-only", "no");
            admin.replicaof("127.0.0.1", 1);
        }

        void losePrimary() {
            config("replica-serve-stale-data", "no");
            admin.replicaof("127.0.0.1", 1);
        }

        void runForEver() {
            RedisURI uri = RedisURI.create(redis.url());
            client.connect(uri).async().eval("while true do end", ScriptOutputType.STATUS);
        }

        void demandPassword() {
            config("requirepass", "secret");
            admin.clientKill(KillArgs.Builder.typeNormal().skipme());
        }

        void refuseClients() {
            config("maxclients", "1");
            admin.clientKill(KillArgs.Builder.typeNormal().skipme());
        }

        @Override
        public void close() {
            client.shutdown(0, 2, TimeUnit.SECONDS);
            redis.close();
        }
    }
}
