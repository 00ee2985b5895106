package attacker;

import java.net.http.HttpResponse;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Well-formed requests, too many of them, each from an address that has sent none before. */
final class Floods {
    private static final String FIELD = "x".repeat(900);

    private final Service service;
    private final Findings findings;

    Floods(Service service, Findings findings) {
        this.service = service;
        this.findings = findings;
    }

    void sessions() throws Exception {
        String user = ThreadLocalRandom.current().nextInt(20) == 0 ? "alan" : "user-" + ThreadLocalRandom.current().nextInt();
        send("POST", "/sessions", "{\"user\": \"" + user + "\", \"password\": \"" + Service.PASSWORD + "\"}");
    }

    void tasks() throws Exception {
        send("POST", "/tasks", "{\"key\": \"" + UUID.randomUUID() + "\"}");
    }

    void keys() throws Exception {
        StringBuilder fields = new StringBuilder("{\"a\": \"b\"");
        for (int i = 0; i < 19; i++) {
            fields.append(", \"f").append(i).append("\": \"").append(FIELD).append('"');
        }
        send("PUT", "/direct/" + UUID.randomUUID(), fields + "}");
        send("GET", "/cached-data?key=" + UUID.randomUUID(), "");
        send("GET", "/users/" + ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE) + "/profile", "");
    }

    /** One of two hundred and fifty million. */
    static String address() {
        Random random = ThreadLocalRandom.current();
        return "11." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(1, 255);
    }

    private void send(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = service.send(method, path, address(), body);
        findings.answer(method + " " + path, answer.statusCode(), answer.body());
    }
}
