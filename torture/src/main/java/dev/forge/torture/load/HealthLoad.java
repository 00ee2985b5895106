package dev.forge.torture.load;

import dev.forge.torture.check.HealthCheck;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Questions about the health, as a load balancer asks them. */
public final class HealthLoad implements LoadStream {

    private static final Duration BOUND = Duration.ofMillis(500);

    private final Ground ground;
    private final HealthCheck check;
    private final Calls calls;
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();

    public HealthLoad(Ground ground, HealthCheck check) {
        this.ground = ground;
        this.check = check;
        this.calls = new Calls(ground, name());
    }

    @Override
    public String name() {
        return "health";
    }

    @Override
    public double perSecond() {
        return 10;
    }

    @Override
    public void step() {
        calls.begin(BOUND, () -> ground.mine().healthAsync(), (outcome, health) -> {
            if (health != null) {
                check.observe(health, System.nanoTime());
                answers.computeIfAbsent(HealthCheck.words(health), any -> new LongAdder())
                        .increment();
                ground.secrets().look("the health", health.toString());
            }
        });
    }

    @Override
    public Map<String, Long> outcomes() {
        Map<String, Long> counts = new TreeMap<>();
        answers.forEach((answer, count) -> counts.put(answer, count.sum()));
        return counts;
    }
}
