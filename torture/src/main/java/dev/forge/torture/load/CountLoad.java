package dev.forge.torture.load;

import dev.forge.redis.LuaScript;
import dev.forge.torture.check.CountCheck;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** Increments, of which every one is accounted for. */
public final class CountLoad implements LoadStream {

    private static final LuaScript INCREMENT = LuaScript.of("increment", "return redis.call('INCR', KEYS[1])");
    private static final int COUNTERS = 4;
    private static final int PATIENCE_MILLIS = 3_000;

    private final Ground ground;
    private final Calls calls;
    private final CountCheck check;
    private final AtomicLong steps = new AtomicLong();

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
        int epoch;
        String counter;
        synchronized (this) {
            epoch = ground.epochs().now();
            counter = counter(epoch, (int) (number % COUNTERS));
            check.begin(counter);
        }
        calls.begin(
                ground.deadline(),
                () -> ground.manager(number / COUNTERS).evalAsync(INCREMENT, List.of(counter), List.of()),
                (outcome, reply) -> check.end(counter, outcome, reply == null ? 0 : reply.asLong(), epoch % 2 == 0));
    }

    /** Compares the counters of {@code epoch}, which has ended, with what {@code read} finds in Redis. */
    public void settle(int epoch, ToLongFunction<String> read) throws InterruptedException {
        synchronized (this) {
            // Whoever saw the epoch before it ended has begun by now.
        }
        check.awaitEnds(PATIENCE_MILLIS);
        for (int i = 0; i < COUNTERS; i++) {
            String counter = counter(epoch, i);
            check.check(counter, read.applyAsLong(counter), epoch % 2 == 0);
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }

    private static String counter(int epoch, int number) {
        return "count:" + epoch + ":" + number;
    }
}
