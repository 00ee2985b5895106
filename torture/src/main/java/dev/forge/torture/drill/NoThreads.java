package dev.forge.torture.drill;

import dev.forge.redis.test.FaultProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Another process may start no more threads while Redis is down: all its calls end, and it uses Redis again. */
final class NoThreads implements Drill {

    static final String PROMISE = "calls end although no thread can be made";

    /** Long enough for a JVM to start on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Less than it takes to find the server unresponsive, which would end the call too. */
    private static final long MOST_MILLIS = NoThreadsMain.DEADLINE.toMillis() + 400;

    private static final int AWAY_MILLIS = 1_500;

    @Override
    public void run(DrillGround ground) throws Exception {
        ThreadLimit limit = ThreadLimit.create();
        if (limit == null) {
            ground.violations()
                    .skipped("NO_THREADS: there is no group of processes here whose threads could be limited");
            return;
        }
        try (FaultProxy proxy = FaultProxy.to(ground.port())) {
            run(ground, limit, proxy);
        } finally {
            limit.close();
        }
    }

    private static void run(DrillGround ground, ThreadLimit limit, FaultProxy proxy)
            throws IOException, InterruptedException {
        try (ChildJvm child = new ChildJvm(NoThreadsMain.class, proxy.url())) {
            limit.add(child.pid());
            if (child.await("ready", PATIENCE) == null) {
                ground.violations().add("the harness works", "the other process did not get ready");
                return;
            }
            limit.close(0);
            child.say("begin");
            @Nullable String tried = child.await("tried", PATIENCE);
            if (!"tried in vain".equals(tried)) {
                ground.violations().skipped("NO_THREADS: the limit of threads is not kept here: " + tried);
                return;
            }
            proxy.blackHole();
            TimeUnit.MILLISECONDS.sleep(AWAY_MILLIS);
            proxy.heal();
            limit.open();
            child.say("end");
            String said = child.await("ended", PATIENCE);
            ground.require("ended well".equals(said), PROMISE, "the other process said " + said);
            // Calls meet their deadlines again too.
            proxy.dropReplies();
            child.say("ask");
            String took = child.await("took ", PATIENCE);
            ground.require(
                    took != null && Long.parseLong(took.substring("took ".length())) <= MOST_MILLIS,
                    PROMISE,
                    "afterwards a call with a deadline of " + NoThreadsMain.DEADLINE.toMillis() + " ms " + took
                            + " ms");
        }
    }
}
