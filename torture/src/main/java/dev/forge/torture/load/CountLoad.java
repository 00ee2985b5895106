package dev.forge.torture.load;

import dev.forge.redis.script.LuaScript;
import dev.forge.torture.check.CountCheck;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** Increments, each of which is accounted for. */
public final class CountLoad implements LoadStream {

    private static final LuaScript INCREMENT = LuaScript.of("increment", "return redis.call('INCR', KEYS[1])");
    private static final int COUNTERS = 4;
    private static final int PATIENCE_MILLIS = 3_000;

    private final Ground ground;
    private final Calls calls;
    private final CountCheck check;
    private final AtomicLong steps = new AtomicLong();

    // Guarded by this.
    private int round;

    public CountLoad(Ground ground) {
        this.ground = ground;
        this.calls = new Calls(ground, name());
        this.check = new CountCheck(ground.violations());
    }

    @Override
    public String name() {
        return "increments";
    }

    @Override
    public double perSecond() {
        return 500;
    }

    @Override
    public void step() {
        long number = steps.getAndIncrement();
        String counter;
        synchronized (this) {
            counter = counter(round, (int) (number % COUNTERS));
            check.begin(counter);
        }
        calls.begin(
                ground.deadline(),
                () -> ground.manager(number / COUNTERS).evalAsync(INCREMENT, List.of(counter), List.of()),
                (outcome, reply) -> check.end(counter, outcome, reply == null ? 0 : reply.asLong()));
    }

    /** Compares the counters with what {@code read} finds in Redis, and continues with new ones. */
    public void settle(boolean lostNothing, ToLongFunction<String> read) throws InterruptedException {
        int ended;
        synchronized (this) {
            ended = round++;
        }
        for (int i = 0; i < COUNTERS; i++) {
            String counter = counter(ended, i);
            check.awaitEnds(counter, PATIENCE_MILLIS);
            check.check(counter, read.applyAsLong(counter), lostNothing);
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }

    private static String counter(int round, int number) {
        return "count:" + round + ":" + number;
    }
}
