package dev.forge.torture.load;

import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.torture.check.WindowCheck;
import dev.forge.torture.fault.Loss;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Requests of ten subjects to two processes. They come in bursts, each of more than is allowed at any pace of the stream. */
public final class LimiterLoad implements LoadStream {

    private static final int SUBJECTS = 10;
    private static final int BURST = 32;
    private static final int PERMITS = 5;
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** A frozen server may run commands that it has received once it is thawed. */
    private static final long ZOMBIE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Ground ground;
    private final Calls calls;
    private final List<RateLimiter> limiters;
    private final List<WindowCheck> checks;

    /** For each process, what it allows by its local share: a bucket holds the limit, and gets it once more in a period. */
    private final List<List<WindowCheck>> shares;

    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong outages = new AtomicLong();

    public LimiterLoad(Ground ground) {
        this.ground = ground;
        this.calls = new Calls(ground, name());
        Limit limit = Limit.of(PERMITS, PERIOD);
        this.limiters = List.of(
                RateLimiter.slidingWindow(ground.mine(), "torture", limit).withTimeout(ground.deadline()),
                RateLimiter.slidingWindow(ground.theirs(), "torture", limit).withTimeout(ground.deadline()));
        this.checks = checks(PERMITS, "");
        this.shares =
                List.of(checks(2 * PERMITS, ", by its local share,"), checks(2 * PERMITS, ", by its local share,"));
    }

    private List<WindowCheck> checks(int permits, String how) {
        return IntStream.range(0, SUBJECTS)
                .mapToObj(subject -> new WindowCheck(ground.violations(), "subject " + subject + how, permits, PERIOD))
                .toList();
    }

    @Override
    public String name() {
        return "limiter";
    }

    @Override
    public double perSecond() {
        return 500;
    }

    @Override
    public void step() {
        long number = steps.getAndIncrement();
        int subject = (int) (number / BURST % SUBJECTS);
        int process = (int) (number % 2);
        int epoch = ground.epochs().now();
        long from = System.nanoTime();
        checks.get(subject).begin();
        calls.begin(
                ground.deadline(),
                () -> limiters.get(process).tryAcquireAsync("subject " + subject),
                (outcome, decision) -> {
                    if (decision != null && ground.epochs().holds(epoch)) {
                        decided(subject, process, from, decision);
                    } else {
                        checks.get(subject).ignored();
                    }
                });
    }

    @Override
    public void lost(Loss loss) {
        checks.forEach(check -> check.forget(System.nanoTime()));
    }

    @Override
    public Map<String, Long> outcomes() {
        Map<String, Long> counts = new TreeMap<>(calls.counts());
        counts.put("decided without Redis", outages.get());
        return counts;
    }

    private void decided(int subject, int process, long from, Decision decision) {
        WindowCheck check = checks.get(subject);
        long to = System.nanoTime();
        // A local share is for a Redis that is out of memory; each process has one, beside what Redis has counted.
        if (decision.basis() == Basis.OUTAGE || decision.basis() == Basis.LOCAL_SHARE) {
            outages.incrementAndGet();
            check.unknown(from, to);
            ground.calm().failed(name(), from, "decided without Redis");
            if (decision.basis() == Basis.LOCAL_SHARE && decision.isAllowed()) {
                WindowCheck share = shares.get(process).get(subject);
                share.begin();
                share.allowed(from, to);
            } else if (decision.basis() == Basis.OUTAGE && !decision.isAllowed()) {
                ground.violations().add("an outage is decided by its rule", "denied, although the rule is to allow");
            }
        } else if (decision.isAllowed()) {
            check.allowed(from, to);
        } else {
            check.denied(from, to, ZOMBIE_NANOS);
        }
    }
}
