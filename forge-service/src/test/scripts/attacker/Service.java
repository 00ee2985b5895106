package attacker;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** The service under attack: a process of its own, as it runs in production, and this machine its proxy. */
final class Service implements AutoCloseable {
    static final String PASSWORD = "correct horse battery staple";
    private static final Duration START_LIMIT = Duration.ofSeconds(120);

    final int port = freePort();
    private final int managementPort = freePort();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path log;
    private final String database;
    private final Process process;

    /** Starts it; it is up when this returns. */
    Service(Path jar, Path folder, String database, String redis, String cacheRedis) throws Exception {
        log = folder.resolve("service.log");
        this.database = database;
        ProcessBuilder start = new ProcessBuilder(
                        tool("java"), "-Xmx384m", "-XX:+ExitOnOutOfMemoryError", "-jar", jar.toAbsolutePath().toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        start.environment()
                .putAll(Map.of(
                        "SPRING_PROFILES_ACTIVE", "production",
                        "SERVER_PORT", String.valueOf(port),
                        "MANAGEMENT_PORT", String.valueOf(managementPort),
                        "DATABASE_URL", database,
                        "REDIS_CONNECTION_URL", redis,
                        "CACHE_REDIS_CONNECTION_URL", cacheRedis,
                        "FORGE_RATE_LIMIT_TRUSTED_PROXIES", "127.0.0.1,::1"));
        process = start.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        awaitHealth(START_LIMIT);
        addUsers(List.of("ada", "alan", "grace"));
    }

    /** The status of the health check on the port for operators; throws if there is none within the limit. */
    int health(Duration limit) throws IOException, InterruptedException {
        return http.send(
                        request(managementPort, "/actuator/health").timeout(limit).build(), BodyHandlers.discarding())
                .statusCode();
    }

    /** Sends a request as a client of {@code address}. */
    HttpResponse<String> send(String method, String path, String address, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(port, path)
                .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("X-Forwarded-For", address)
                .timeout(Duration.ofSeconds(30));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String logged() throws IOException {
        return Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** Mebibytes of live objects, after a full collection. */
    long liveHeap() throws Exception {
        jcmd("GC.run");
        String histogram = jcmd("GC.class_histogram");
        String[] total = histogram.substring(histogram.lastIndexOf("Total")).trim().split("\\s+");
        return Long.parseLong(total[2]) >> 20;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** Waits until the service and everything it needs are well. */
    void awaitHealth(Duration limit) throws Exception {
        Await.until("the health of the service, which logs to " + log, limit, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("The service has ended: see " + log);
            }
            try {
                return health(Duration.ofSeconds(2)) == 200;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private void addUsers(List<String> names) throws SQLException {
        String hash = new BCryptPasswordEncoder().encode(PASSWORD);
        try (Connection connection = DriverManager.getConnection(database);
                PreparedStatement insert = connection.prepareStatement("insert into app_user (name, user_id, password_hash) values (?, ?, ?)")) {
            for (String name : names) {
                insert.setString(1, name);
                insert.setLong(2, names.indexOf(name) + 1);
                insert.setString(3, hash);
                insert.executeUpdate();
            }
        }
    }

    private String jcmd(String command) throws Exception {
        Path output = Files.createTempFile("jcmd", ".txt");
        Process jcmd = new ProcessBuilder(tool("jcmd"), String.valueOf(process.pid()), command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!jcmd.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The service did not answer jcmd " + command + " within 60 s.");
            }
            return Files.readString(output);
        } finally {
            jcmd.destroyForcibly();
            Files.delete(output);
        }
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new java.io.UncheckedIOException(none);
        }
    }
}
