package dev.forge.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.codec.JsonCodec;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisTls;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import dev.forge.redis.test.ServerState;
import dev.forge.redis.test.tls.TestCertificates;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Causes every failure, with secrets that are easy to search for, and prints what a log would show. */
final class SecretFailures {

    static final String CANARY = "S3CR3T";

    private static final String PASSWORD = CANARY + "-password";
    private static final String VALUE = CANARY + "-value";
    private static final Duration DEADLINE = Duration.ofMillis(500);
    private static final String REPEATING =
            "-ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `default`, `" + PASSWORD + "`, \r\n";
    private static final List<String> URLS = List.of(
            "redis://user:" + PASSWORD + " x@h",
            "redis://user:" + PASSWORD + "%ZZ@h",
            "redis://:" + PASSWORD + "#x@h",
            "redis://:" + PASSWORD + "?x@h",
            "redis://:" + PASSWORD + "/x@h",
            "redis://:" + PASSWORD + "@@h",
            "redis://:" + PASSWORD + "\n@h",
            "redis://:" + PASSWORD + "@",
            "redis://:" + PASSWORD + "@h:port",
            "redis://:" + PASSWORD + "@h/database",
            "redis://" + PASSWORD + "@h",
            "http://:" + PASSWORD + "@h",
            PASSWORD,
            "redis://:" + PASSWORD);

    private static final Map<String, Scenario> SCENARIOS = scenarios();

    static final List<String> NAMES = List.copyOf(SCENARIOS.keySet());

    private static Path sessionIds = Path.of("");

    /** One failure. */
    private interface Scenario {
        void run() throws Exception;
    }

    private SecretFailures() {}

    /**
     * Fails in every way, with marked secrets.
     *
     * @param arguments the file to write the ids of sessions to, which must not be printed
     */
    public static void main(String[] arguments) throws Exception {
        sessionIds = Path.of(arguments[0]);
        Files.writeString(sessionIds, "");
        for (Map.Entry<String, Scenario> scenario : SCENARIOS.entrySet()) {
            System.out.println("scenario " + scenario.getKey());
            scenario.getValue().run();
        }
        System.exit(0);
    }

    private static Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("settings", SecretFailures::settings);
        all.put("server", SecretFailures::server);
        all.put("states", SecretFailures::states);
        all.put("login", SecretFailures::login);
        all.put("old server", SecretFailures::oldServer);
        all.put("tls", SecretFailures::tls);
        all.put("unknown host", SecretFailures::unknownHost);
        all.put("codec", SecretFailures::codec);
        return all;
    }

    private static void settings() {
        for (String url : URLS) {
            attempt(() -> RedisSettings.of(url));
        }
        attempt(() -> RedisSettings.fromEnvironment(Map.of(
                "REDIS_CONNECTION_URL",
                "redis://:" + PASSWORD + "@h",
                "REDIS_PASSWORD",
                PASSWORD,
                "REDIS_PASSWORD_FILE",
                "/no/such/file",
                "REDIS_POOL_SIZE",
                "many",
                "REDIS_PASSWD",
                PASSWORD)));
        show(RedisSettings.of("redis://user:" + PASSWORD + "@h"));
        show(RedisLogin.of("user", PASSWORD));
        show(RedisLogin.ofProvider(null, () -> PASSWORD));
    }

    private static void server() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.builder().password(PASSWORD).start();
                FaultProxy proxy = FaultProxy.to(server.port());
                RedisManager redis = manager(proxy.port(), RedisLogin.of(null, PASSWORD))) {
            Promises.warmUp(redis);
            use(redis);
            show(redis);
            show(redis.healthSync());
            Thread.getAllStackTraces().keySet().forEach(thread -> show(thread.getName()));
            ManagementFactory.getPlatformMBeanServer().queryNames(null, null).forEach(SecretFailures::show);
            show(server.command("CLIENT", "LIST"));

            List<Scenario> faults = List.of(
                    proxy::reset,
                    proxy::resetOnRequest,
                    proxy::resetOnReply,
                    proxy::truncateReply,
                    () -> proxy.corruptReply(0),
                    proxy::dropReplies,
                    proxy::dropRequests,
                    proxy::blackHole,
                    proxy::refuse,
                    server::freeze);
            for (Scenario fault : faults) {
                fault.run();
                use(redis);
                server.thaw();
                proxy.heal();
                back(redis);
            }
            server.kill();
            use(redis);
        }
    }

    private static void states() {
        for (ServerState state : List.of(
                ServerState.LOADING,
                ServerState.MISCONF,
                ServerState.OOM,
                ServerState.READONLY,
                ServerState.NOREPLICAS,
                ServerState.MASTERDOWN,
                ServerState.BUSY)) {
            try (EmbeddedRedis server = EmbeddedRedis.start();
                    RedisManager redis = manager(server.port(), RedisLogin.NONE)) {
                Promises.warmUp(redis);
                server.enter(state);
                back(redis);
                use(redis);
                show(redis.healthSync());
            }
        }
    }

    private static void login() {
        try (EmbeddedRedis server =
                EmbeddedRedis.builder().password(PASSWORD + "-new").start()) {
            for (RedisLogin login : List.of(
                    RedisLogin.NONE,
                    RedisLogin.of(null, PASSWORD),
                    RedisLogin.of("user", PASSWORD),
                    RedisLogin.ofFile(null, Path.of("/no/such/file")),
                    RedisLogin.ofProvider(null, () -> {
                        throw new IllegalStateException("the provider is out of order");
                    }))) {
                try (RedisManager redis = manager(server.port(), login)) {
                    use(redis);
                    show(redis.healthSync());
                    attempt(redis::getSyncClient);
                }
            }
        }
    }

    /** A server that does not know HELLO echoes its arguments. */
    private static void oldServer() throws Exception {
        try (ServerSocket old = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answers = new Thread(() -> {
                while (!old.isClosed()) {
                    try (Socket client = old.accept()) {
                        client.getInputStream().read();
                        client.getOutputStream().write(REPEATING.getBytes(US_ASCII));
                        client.getOutputStream().flush();
                        client.setSoTimeout(1_000);
                        client.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        // The client has disconnected, or the scenario is over.
                    }
                }
            });
            answers.setDaemon(true);
            answers.start();
            try (RedisManager redis = manager(old.getLocalPort(), RedisLogin.of(null, PASSWORD))) {
                use(redis);
                show(redis.healthSync());
                attempt(redis::getSyncClient);
            }
        }
    }

    private static void tls() throws Exception {
        TestCertificates certificates =
                TestCertificates.in(Files.createDirectory(sessionIds.resolveSibling("certificates")));
        try (EmbeddedRedis server = EmbeddedRedis.builder()
                        .tls(certificates.expired())
                        .password(PASSWORD)
                        .start();
                RedisManager redis = RedisManager.create(
                        RedisSettings.builder("rediss://:" + PASSWORD + "@localhost:" + server.port())
                                .tls(new RedisTls(true, true, certificates.authority()))
                                .build())) {
            Promises.once(redis::initializeAsync);
            use(redis);
            show(redis.healthSync());
        }
    }

    private static void unknownHost() {
        try (RedisManager redis =
                RedisManager.create(RedisSettings.builder("redis://:" + PASSWORD + "@no-such-host.invalid")
                        .socketTimeout(DEADLINE)
                        .build())) {
            Promises.once(redis::initializeAsync);
            use(redis);
        }
    }

    private static void codec() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = manager(server.port(), RedisLogin.NONE)) {
            Promises.warmUp(redis);
            JsonCodec<Integer> numbers = JsonCodec.of(Integer.class);
            attempt(() -> numbers.decode(('"' + VALUE + '"').getBytes(UTF_8)));
            Cache<Integer> cache =
                    Cache.builder(redis, "numbers", Integer.class).build();
            cache.put("a", 1);
            server.command("KEYS", "*")
                    .lines()
                    .filter(key -> key.contains("numbers"))
                    .forEach(key -> {
                        server.command("SET", key, VALUE);
                        attempt(() -> cache.getIfPresent("a"));
                        attempt(() -> cache.get("a", id -> {
                            throw new IllegalStateException("no such number");
                        }));
                    });
        }
    }

    private static RedisManager manager(int port, RedisLogin login) {
        return RedisManager.create(RedisSettings.builder("redis://127.0.0.1:" + port)
                .socketTimeout(DEADLINE)
                .login(login)
                .build());
    }

    /** Runs the operations with secrets several times, and shows how they fail. */
    private static void use(RedisManager redis) {
        SessionStore sessions = SessionStore.create(redis);
        LuaScript script = LuaScript.of("fails", "return redis.call('SET', KEYS[1], ARGV[1], 'NONSENSE')");
        for (int i = 0; i < 2; i++) {
            attempt(() -> CoreAccess.coreOf(redis).await("set", redis.setAsync("key", VALUE)));
            attempt(() -> redis.getSync("key"));
            attempt(() -> redis.evalSync(script, List.of("key"), List.of(VALUE.getBytes(UTF_8))));
            attempt(() -> redis.getSync("k".repeat(2_000)));
            attempt(() -> {
                Session session = sessions.create("ada", Map.of("token", VALUE));
                remember(session);
                sessions.get(session.id().value());
                return session.id();
            });
            Optional<String> known = lastId();
            known.ifPresent(id -> attempt(() -> sessions.merge(id, Map.of("token", VALUE))));
            known.ifPresent(id -> attempt(() -> sessions.delete(id)));
        }
    }

    private static void remember(Session session) throws IOException {
        Files.writeString(sessionIds, session.id().value() + "\n", java.nio.file.StandardOpenOption.APPEND);
    }

    private static Optional<String> lastId() {
        try {
            List<String> ids = Files.readAllLines(sessionIds);
            return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(ids.size() - 1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An operation that may fail. */
    private interface Attempt {
        Object make() throws Exception;
    }

    /** Shows its result, unless that is a value, and its complete exception. */
    private static void attempt(Attempt attempt) {
        try {
            Object made = CompletableFuture.supplyAsync(() -> {
                        try {
                            return String.valueOf(attempt.make());
                        } catch (Exception e) {
                            throw new java.util.concurrent.CompletionException(e);
                        }
                    })
                    .get(20, TimeUnit.SECONDS);
            System.out.println(String.valueOf(made).replace("Optional[" + VALUE + "]", "Optional[the value itself]"));
        } catch (Exception e) {
            e.printStackTrace(System.out);
        }
    }

    private static void back(RedisManager redis) {
        for (int i = 0; i < 100; i++) {
            try {
                redis.getSync("other");
                return;
            } catch (RedisFailure failure) {
                if (failure instanceof RedisRefusedException) {
                    return;
                }
                Promises.pause(Duration.ofMillis(20));
            }
        }
    }

    private static void show(Object shown) {
        System.out.println(shown);
    }
}
