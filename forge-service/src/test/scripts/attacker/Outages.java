package attacker;

import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.List;

/** Kills and freezes the Redis servers of a service in turns, and brings each back. */
final class Outages {
    private static final Duration OUTAGE = Duration.ofMillis(2500);
    private static final Duration CALM = Duration.ofMillis(1000);

    private final List<EmbeddedRedis> servers;

    Outages(EmbeddedRedis... servers) {
        this.servers = List.of(servers);
    }

    /** Returns when the time is over, and all servers are back. */
    void run(long end) throws InterruptedException {
        for (int turn = 0; System.nanoTime() < end; turn++) {
            EmbeddedRedis server = servers.get(turn % servers.size());
            if (turn / servers.size() % 2 == 0) {
                server.kill();
                Thread.sleep(OUTAGE.toMillis());
                server.restart();
            } else {
                server.freeze();
                Thread.sleep(OUTAGE.toMillis());
                server.thaw();
            }
            Thread.sleep(CALM.toMillis());
        }
    }
}
