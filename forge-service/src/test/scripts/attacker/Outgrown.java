package attacker;

import dev.forge.redis.test.EmbeddedRedisCluster;
import dev.forge.redis.test.EmbeddedRedisSentinels;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** The same service on a cluster of six, and on Sentinels, by nothing but {@code REDIS_CONNECTION_URL}. */
final class Outgrown {
    private static final String ADDRESS = "192.0.2.1";

    private final Findings findings = new Findings();

    public static void main(String[] arguments) throws Exception {
        Attack.boundTime(Duration.ofMinutes(8));
        Outgrown outgrown = new Outgrown();
        Path jar = Path.of(arguments[0]);
        Path folder = Path.of(arguments[1]);
        try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.start()) {
            outgrown.check(jar, folder.resolve("cluster"), cluster.url());
        }
        try (EmbeddedRedisSentinels sentinels = EmbeddedRedisSentinels.start()) {
            outgrown.check(jar, folder.resolve("sentinels"), sentinels.url());
        }
        System.out.println(outgrown.findings.summary());
        System.exit(outgrown.findings.isEmpty() ? 0 : 1);
    }

    private void check(Path jar, Path folder, String redis) throws Exception {
        Files.createDirectories(folder);
        // AUTO_SERVER, so that a user can be added from outside.
        String database = "jdbc:h2:file:" + folder.resolve("app") + ";AUTO_SERVER=TRUE";
        // An empty second address: the caches are there too.
        try (Service service = new Service(jar, folder, database, redis, "")) {
            System.out.println("On " + redis.replaceAll(":.*", "") + ":");
            expect(service, 200, "\"healthy\"", "GET", "/health/redis", "");
            expect(service, 200, "\"computed\"", "GET", "/cached-data?key=hello", "");
            expect(service, 200, "\"cache\"", "GET", "/cached-data?key=hello", "");
            expect(service, 200, "\"computed\"", "GET", "/cached-data/by-hand?key=hello", "");
            expect(service, 200, "\"cache\"", "GET", "/cached-data/by-hand?key=hello", "");
            expect(service, 200, "Ada", "GET", "/users/1/profile", "");
            expect(service, 200, "London", "PUT", "/direct/1", "{\"name\": \"Ada\", \"city\": \"London\"}");
            expect(service, 200, "London", "GET", "/direct/1", "");
            session(service);
            task(service);
            limit(service);
        }
    }

    private void session(Service service) throws Exception {
        String login = "{\"user\": \"ada\", \"password\": \"" + Service.PASSWORD + "\"}";
        String cookie = expect(service, 201, "ada", "POST", "/sessions", login)
                .headers()
                .firstValue("Set-Cookie")
                .orElse("")
                .split(";")[0];
        expect(service, 200, "ada", "GET", "/sessions/current", "", "Cookie", cookie);
        expect(service, 200, "createdAt", "GET", "/sessions", "", "Cookie", cookie);
        expect(service, 200, "", "DELETE", "/users/1/caches", "", "Cookie", cookie);
        expect(service, 204, "", "DELETE", "/sessions", "", "Cookie", cookie);
        expect(service, 401, "", "GET", "/sessions/current", "", "Cookie", cookie);
    }

    private void task(Service service) throws Exception {
        String task = expect(service, 202, "enqueued", "POST", "/tasks", "{\"key\": \"" + UUID.randomUUID() + "\"}")
                .headers()
                .firstValue("Location")
                .orElse("/tasks/none");
        Await.until("the end of the task", Duration.ofSeconds(20), () ->
                service.send("GET", task, ADDRESS, "").body().contains("succeeded"));
        expect(service, 200, "succeeded", "GET", task, "");
    }

    private void limit(Service service) throws Exception {
        for (int i = 0; i < 100; i++) {
            expect(service, 200, "", "GET", "/api/ping", "");
        }
        expect(service, 429, "", "GET", "/api/ping", "");
    }

    private HttpResponse<String> expect(
            Service service, int status, String text, String method, String path, String body, String... headers)
            throws Exception {
        HttpResponse<String> answer = service.send(method, path, ADDRESS, body, headers);
        findings.answer(method + " " + path, answer.statusCode(), answer.body());
        if (answer.statusCode() != status || !answer.body().contains(text)) {
            findings.add(method + " " + path, answer.statusCode() + " " + answer.body() + ", not " + status + " " + text);
        }
        return answer;
    }
}
