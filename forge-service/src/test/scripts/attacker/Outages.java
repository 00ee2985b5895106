package attacker;

import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.List;

/** Kills and freezes the Redis servers and the database of a service in turns, and brings each back. */
final class Outages {
    private static final Duration OUTAGE = Duration.ofMillis(2500);
    private static final Duration CALM = Duration.ofMillis(1000);

    private final List<Outage> all;

    Outages(EmbeddedRedis redis, EmbeddedRedis caches, Postgres database) {
        all = List.of(
                new Outage(redis::kill, redis::restart),
                new Outage(database::freeze, database::thaw),
                new Outage(caches::kill, caches::restart),
                new Outage(database::kill, database::restart),
                new Outage(redis::freeze, redis::thaw),
                new Outage(caches::freeze, caches::thaw));
    }

    /** Returns when the time is over, and all servers are back. */
    void run(long end) throws Exception {
        for (int turn = 0; System.nanoTime() < end; turn++) {
            Outage outage = all.get(turn % all.size());
            outage.begin.run();
            Thread.sleep(OUTAGE.toMillis());
            outage.end.run();
            Thread.sleep(CALM.toMillis());
        }
    }

    private record Outage(Step begin, Step end) {}

    private interface Step {
        void run() throws Exception;
    }
}
