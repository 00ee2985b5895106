package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Another process is stopped while it holds leases, and continued after others have loaded and invalidated its keys.
 * Others wait for it no longer than a lease lasts, and its late values are not stored.
 */
final class StoppedClient implements Drill {

    static final String PROMISE = "a late store is refused";
    static final String WAIT = "a stopped process keeps others waiting for two seconds at most";

    /** Long enough for a JVM to start on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LEASE = Duration.ofMillis(2_800);
    private static final Duration FREE = Duration.ofSeconds(1);
    private static final int LOOKS = 40;

    @Override
    public void run(DrillGround ground) throws Exception {
        String name = ground.fresh("stopped");
        try (ChildJvm child = new ChildJvm(StoppedClientMain.class, "redis://127.0.0.1:" + ground.port(), name);
                RedisManager redis = ground.manager()) {
            Cache<String> cache = StoppedClientMain.cache(redis, name);
            if (child.await("loading both", PATIENCE) == null) {
                ground.violations().add("the harness works", "the other process did not begin to load");
                return;
            }
            child.signal("STOP");
            whileItStands(ground, cache);
            child.signal("CONT");
            child.say("go");
            String said = child.await("returned", PATIENCE);
            ground.require("returned old old".equals(said), PROMISE, "the process that was stopped said " + said);
            for (int i = 0; i < LOOKS; i++) {
                String kept = cache.getIfPresent("kept").orElse("nothing");
                String invalidated = cache.getIfPresent("invalidated").orElse("nothing");
                ground.require(
                        kept.equals("new") && invalidated.equals("new"),
                        PROMISE,
                        "Redis has " + kept + " and " + invalidated + " after the late stores");
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    private static void whileItStands(DrillGround ground, Cache<String> cache) throws IOException {
        long start = System.nanoTime();
        cache.invalidate("invalidated");
        cache.get("invalidated", key -> Optional.of("new"));
        ground.within(FREE, start, WAIT, "a look-up of what was invalidated");
        start = System.nanoTime();
        cache.get("kept", key -> Optional.of("new"));
        ground.within(LEASE, start, WAIT, "a look-up of what is being loaded there");
    }
}
