package dev.forge.torture;

import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.torture.check.Calm;
import dev.forge.torture.check.DeadlineCheck;
import dev.forge.torture.check.Epochs;
import dev.forge.torture.check.HealthCheck;
import dev.forge.torture.check.RecoveryCheck;
import dev.forge.torture.check.ResourceCheck;
import dev.forge.torture.check.Secrets;
import dev.forge.torture.check.Stalls;
import dev.forge.torture.check.Violations;
import dev.forge.torture.drill.DrillGround;
import dev.forge.torture.drill.Drills;
import dev.forge.torture.fault.Fault;
import dev.forge.torture.fault.FaultKind;
import dev.forge.torture.fault.FaultPlan;
import dev.forge.torture.fault.ProcessStage;
import dev.forge.torture.fault.Stage;
import dev.forge.torture.load.BulkLoad;
import dev.forge.torture.load.CacheAsideLoad;
import dev.forge.torture.load.CachedReadLoad;
import dev.forge.torture.load.CountLoad;
import dev.forge.torture.load.Crew;
import dev.forge.torture.load.FencedLoad;
import dev.forge.torture.load.Ground;
import dev.forge.torture.load.HealthLoad;
import dev.forge.torture.load.LimiterLoad;
import dev.forge.torture.load.LoadStream;
import dev.forge.torture.load.PatternLoad;
import dev.forge.torture.load.PlainLoad;
import dev.forge.torture.load.Profiles;
import dev.forge.torture.load.SessionLoad;
import dev.forge.torture.load.ShapeLoad;
import dev.forge.torture.load.StaleLoad;
import dev.forge.torture.load.TagLoad;
import dev.forge.torture.load.VersionedWriteLoad;
import dev.forge.torture.load.WrittenLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs one phase: starts Redis and the streams, makes the faults, stops all, and checks for leaks. */
final class PhaseRun {

    private static final Duration DEADLINE = Duration.ofMillis(500);

    /** For the managers of drills, which may use two cores for longer than the streams may wait. */
    private static final Duration PATIENT = Duration.ofSeconds(2);

    private static final int WARM_UP_MILLIS = 3_000;
    private static final int MOST_STARTS = 50;
    private static final int LEAVING_MILLIS = 5_000;

    private final Phase phase;
    private final long seed;
    private final double share;
    private final int patternKeys;
    private final Violations violations;
    private final Secrets secrets;
    private final String filling;

    /** @param share the share of their usual pace at which the streams run */
    PhaseRun(
            Phase phase,
            long seed,
            double share,
            int patternKeys,
            Violations violations,
            Secrets secrets,
            String filling) {
        this.phase = phase;
        this.seed = seed;
        this.share = share;
        this.patternKeys = patternKeys;
        this.violations = violations;
        this.secrets = secrets;
        this.filling = filling;
    }

    PhaseResult run() throws InterruptedException {
        violations.during(phase.name() + ", start");
        ResourceCheck resources = new ResourceCheck(violations);
        List<Fault> plan = FaultPlan.of(seed, phase.scenes(), phase.faults());
        try (Stage stage = phase.stage().get();
                Stalls stalls = new Stalls()) {
            stalls.start();
            Set<String> threads = ResourceCheck.threads();
            PhaseResult result = run(stage, stalls, plan, resources);
            violations.during(phase.name() + ", end");
            awaitEnd(stage, threads);
            resources.threads(threads, ResourceCheck.threads());
            resources.connections(stage.connections());
            return result;
        }
    }

    private PhaseResult run(Stage stage, Stalls stalls, List<Fault> plan, ResourceCheck resources)
            throws InterruptedException {
        long start = System.nanoTime();
        RedisSettings settings =
                stage.settings().toBuilder().socketTimeout(DEADLINE).build();
        Calm calm = new Calm(violations, stalls);
        HealthCheck health = new HealthCheck(violations, stalls);
        DeadlineCheck deadlines = new DeadlineCheck(violations, stalls);
        RecoveryCheck recovery = new RecoveryCheck(violations);
        Epochs epochs = new Epochs();
        try (RedisManager mine = RedisManager.create(settings);
                RedisManager theirs =
                        RedisManager.create(settings.toBuilder().poolSize(0).build())) {
            start(mine);
            start(theirs);
            Ground ground = new Ground(
                    mine, theirs, epochs, violations, deadlines, calm, secrets, DEADLINE, filling, new AtomicInteger());
            List<LoadStream> streams = streams(ground, health);
            Crew crew = new Crew(streams, share, violations);
            crew.start();
            TimeUnit.MILLISECONDS.sleep(WARM_UP_MILLIS);
            long heap = ResourceCheck.heap();
            calm.begin(System.nanoTime());
            health.expect(HealthCheck.UP, System.nanoTime());
            Drills drills = stage instanceof ProcessStage process
                    ? new Drills(new DrillGround(
                            settings.toBuilder().socketTimeout(PATIENT).build(),
                            process.port(),
                            violations,
                            stalls,
                            new Random(seed),
                            filling))
                    : null;
            Nemesis nemesis = new Nemesis(stage, drills, ground, streams, health, recovery);
            Map<FaultKind, Integer> faults = nemesis.run(plan);
            crew.stop();
            awaitEnds(ground);
            calm.end();
            recovery.finish();
            long heapAfter = ResourceCheck.heap();
            resources.memory(heap, heapAfter);
            Map<String, PhaseResult.Rate> rates = new LinkedHashMap<>();
            streams.forEach(stream -> rates.put(
                    stream.name(),
                    new PhaseResult.Rate(stream.perSecond() * share, crew.rate(stream), stream.outcomes())));
            return new PhaseResult(
                    phase.name(),
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
                    faults,
                    rates,
                    deadlines.latestMillis(),
                    recovery.summary(),
                    stalls.longestMillis(),
                    heapAfter - heap);
        }
    }

    /** Managers are closed only after all calls of the streams have ended; the streams report those that hang. */
    private static void awaitEnds(Ground ground) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVING_MILLIS);
        while (ground.underWay().get() > 0 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** A new JVM may be too slow for the deadline of a call; the manager keeps trying. */
    private static void start(RedisManager manager) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                manager.initializeSync();
                return;
            } catch (RedisFailure e) {
                if (attempt == MOST_STARTS) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private List<LoadStream> streams(Ground ground, HealthCheck health) {
        List<LoadStream> streams = new ArrayList<>();
        streams.add(new PlainLoad(ground, !phase.isDamaged(), seed));
        streams.add(new HealthLoad(ground, health));
        if (phase.isDamaged()) {
            return streams;
        }
        Profiles profiles = new Profiles(ground);
        streams.add(new CachedReadLoad(ground, profiles));
        streams.add(new VersionedWriteLoad(ground, profiles));
        streams.add(new CountLoad(ground));
        streams.add(new CacheAsideLoad(ground));
        streams.add(new LimiterLoad(ground));
        streams.add(new SessionLoad(ground, seed));
        streams.add(new PatternLoad(ground, patternKeys));
        streams.add(new BulkLoad(ground, seed));
        streams.add(new TagLoad(ground));
        streams.add(new FencedLoad(ground));
        streams.add(new StaleLoad(ground));
        streams.add(new WrittenLoad(ground));
        streams.add(new ShapeLoad(ground));
        return streams;
    }

    private static void awaitEnd(Stage stage, Set<String> threads) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVING_MILLIS);
        while (System.nanoTime() < end && (stage.connections() > 0 || !threads.containsAll(ResourceCheck.threads()))) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
