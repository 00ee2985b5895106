package attacker;

import dev.forge.redis.test.EmbeddedRedis;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Attacks a service of the template with everything at once, and says what did not hold: health within a second, the
 * session of a user, the permits of an address, no 5xx but 503, heap and log.
 *
 * <p>Its Redis servers and its database are killed and frozen in turns. A third of the time is without such faults,
 * because permits are exact only while Redis is there.
 */
final class Attack {
    private static final String VICTIM = "203.0.113.1";
    private static final int PERMITS = 100; // Of RATE_LIMIT_PERMITS, whose default is in force.
    private static final long MOST_LOG_BYTES = 3 << 20;
    private static final long MOST_HEAP_GROWTH = 96; // Mebibytes: what caches may hold is bounded, and more than nothing.
    private static final int MALFORMED_PARTS = 3; // Some wait for a time-out of three seconds.
    private static final long STALL_NANOS = 200_000_000;
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(1);

    private final Findings findings = new Findings();
    private final Service service;
    private volatile long lastStall = System.nanoTime();
    private final ExecutorService threads = Executors.newCachedThreadPool(Attack::daemon);

    private Attack(Service service) {
        this.service = service;
    }

    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[2]);
        boundTime(Duration.ofSeconds(seconds + 240L));
        Path folder = Path.of(arguments[1]);
        Findings findings;
        // As in docker-compose.yml: what strangers can fill is apart, and what must not be lost is on the disk.
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                        .option("maxmemory", "128mb").option("maxmemory-policy", "noeviction").option("appendonly", "yes")
                        .start();
                EmbeddedRedis caches = EmbeddedRedis.builder()
                        .option("maxmemory", "64mb").option("maxmemory-policy", "allkeys-lfu")
                        .start();
                Postgres database = new Postgres(folder.resolve("postgres"));
                Service service =
                        new Service(Path.of(arguments[0]), folder, database.url(), redis.url(), caches.url())) {
            Attack attack = new Attack(service);
            attack.run(seconds, new Outages(redis, caches, database));
            findings = attack.findings;
        }
        System.out.println(findings.summary());
        System.exit(findings.isEmpty() ? 0 : 1);
    }

    private void run(int seconds, Outages outages) throws Exception {
        long begin = System.nanoTime();
        long calmUntil = begin + TimeUnit.SECONDS.toNanos(Math.max(10, seconds / 3));
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        long heapBefore = service.liveHeap();
        String cookie = login();
        System.out.println("Attacking for " + seconds + " s; " + heapBefore + " MB are live.");

        List<Future<?>> attackers = attackers(end);
        countPermits("192.0.2.");
        Thread.sleep(Math.max(0, (calmUntil - System.nanoTime()) / 1_000_000));
        session(cookie, "before any fault");
        outages.run(end);
        for (Future<?> attacker : attackers) {
            awaitEnd(attacker);
        }

        awaitHealth();
        session(cookie, "after the attack");
        countPermits("198.51.100.");
        bounded(heapBefore);
    }

    private List<Future<?>> attackers(long end) {
        RawRequests raw = new RawRequests(service.port, findings);
        Floods floods = new Floods(service, findings);
        int[] turn = {0};
        List<Future<?>> attackers = new ArrayList<>();
        attackers.add(threads.submit(() -> watchStalls(end)));
        attackers.add(threads.submit(() -> watchHealth(end)));
        attackers.add(threads.submit(() -> {
            raw.slow(end);
            return null;
        }));
        attackers.add(repeat(end, 50, "large bodies", () -> raw.large(turn[0]++)));
        for (int i = 0; i < MALFORMED_PARTS; i++) {
            int part = i;
            attackers.add(repeat(end, 500, "malformed requests", () -> raw.malformed(part, MALFORMED_PARTS, end)));
        }
        attackers.add(repeat(end, 5, "sessions", floods::sessions));
        attackers.add(repeat(end, 5, "sessions", floods::sessions));
        attackers.add(repeat(end, 5, "tasks", floods::tasks));
        attackers.add(repeat(end, 5, "keys", floods::keys));
        attackers.add(repeat(end, 5, "keys", floods::keys));
        return attackers;
    }

    private Future<?> repeat(long end, int pauseMillis, String name, Step step) {
        return threads.submit((Callable<Void>) () -> {
            while (System.nanoTime() < end) {
                try {
                    step.run();
                } catch (HttpTimeoutException none) {
                    findings.add("no answer in 30 s", name);
                } catch (IOException broken) {
                    if (!service.isAlive()) {
                        findings.add("the service has ended", broken.toString());
                        return null;
                    }
                }
                Thread.sleep(pauseMillis);
            }
            return null;
        });
    }

    /** A late answer counts only if this process did not stall meanwhile: the machine may be busy with other things. */
    private Void watchHealth(long end) throws InterruptedException {
        long longest = 0;
        int excused = 0;
        while (System.nanoTime() < end) {
            Thread.sleep(100);
            long start = System.nanoTime();
            try {
                int status = service.health(HEALTH_LIMIT);
                if (status != 200 && status != 503) {
                    findings.add("health answers " + status, "");
                }
            } catch (IOException late) {
                if (lastStall - start > 0) {
                    excused++;
                } else {
                    findings.add("health is late", late.toString());
                }
            }
            longest = Math.max(longest, System.nanoTime() - start);
        }
        System.out.println("The longest answer of health took " + longest / 1_000_000 + " ms; " + excused
                + " were late while this process stalled too.");
        return null;
    }

    /** Notes when this process, which does little, waits for a processor. */
    private Void watchStalls(long end) throws InterruptedException {
        for (long last = System.nanoTime(); last < end; ) {
            Thread.sleep(20);
            long now = System.nanoTime();
            if (now - last > STALL_NANOS) {
                lastStall = now;
            }
            last = now;
        }
        return null;
    }

    private void awaitEnd(Future<?> attacker) throws InterruptedException {
        try {
            attacker.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            findings.add("an attacker could not go on", failure.toString());
        }
    }

    private String login() throws Exception {
        HttpResponse<String> answer = service.send(
                "POST", "/sessions", VICTIM, "{\"user\": \"grace\", \"password\": \"" + Service.PASSWORD + "\"}");
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("The login was answered with " + answer.statusCode() + " " + answer.body());
        }
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    private void session(String cookie, String when) throws Exception {
        HttpResponse<String> answer = service.send("GET", "/sessions/current", VICTIM, "", "Cookie", cookie);
        if (answer.statusCode() != 200) {
            findings.add("the session is gone", when + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /** Again with another address if this process stalled meanwhile: the service may have decided without Redis then. */
    private void countPermits(String network) throws Exception {
        for (int attempt = 1; attempt <= 3; attempt++) {
            long start = System.nanoTime();
            int allowed = permits(network + attempt);
            // Far less than a minute, so that no permit becomes free meanwhile.
            long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            System.out.println("An address got " + allowed + " permits of " + PERMITS + " in " + took + " s.");
            if (allowed == PERMITS) {
                return;
            }
            if (took < 30 && lastStall - start <= 0) {
                findings.add("permits of an address", allowed + " of " + PERMITS + " in " + took + " s");
                return;
            }
        }
        System.out.println("The machine was too busy to count permits.");
    }

    private int permits(String address) throws Exception {
        int allowed = 0;
        for (int i = 0; i < PERMITS * 3 / 2; i++) {
            HttpResponse<String> answer = service.send("GET", "/api/ping", address, "");
            findings.answer("GET /api/ping", answer.statusCode(), answer.body());
            allowed += answer.statusCode() == 200 ? 1 : 0;
        }
        return allowed;
    }

    /** Once all servers are back, the service is whole again. */
    private void awaitHealth() throws Exception {
        try {
            service.awaitHealth(Duration.ofSeconds(15));
        } catch (IllegalStateException none) {
            findings.add("everything is back, but not for the service", none.getMessage());
        }
    }

    private void bounded(long heapBefore) throws Exception {
        long heap = service.liveHeap();
        String log = service.logged();
        System.out.println(heap + " MB are live, " + log.length() / 1024 + " KB were logged.");
        if (heap > heapBefore + MOST_HEAP_GROWTH) {
            findings.add("heap", heap + " MB, and " + heapBefore + " MB before");
        }
        if (log.length() > MOST_LOG_BYTES) {
            findings.add("log", log.length() + " bytes");
        }
        log.lines()
                .filter(line -> line.contains(" ERROR ") || line.contains("OutOfMemoryError"))
                .forEach(line -> findings.add("logged an error", line));
    }

    static void boundTime(Duration most) {
        daemon(() -> {
                    try {
                        Thread.sleep(most.toMillis());
                    } catch (InterruptedException e) {
                        return;
                    }
                    System.out.println("FOUND no end after " + most);
                    System.exit(1);
                })
                .start();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private interface Step {
        void run() throws Exception;
    }
}
