package dev.forge.torture;

import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.torture.check.HealthCheck;
import dev.forge.torture.check.RecoveryCheck;
import dev.forge.torture.drill.Drills;
import dev.forge.torture.fault.Fault;
import dev.forge.torture.fault.FaultKind;
import dev.forge.torture.fault.Loss;
import dev.forge.torture.fault.Stage;
import dev.forge.torture.load.CountLoad;
import dev.forge.torture.load.Ground;
import dev.forge.torture.load.LoadStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the faults of a plan one after the other, and sets the expectations of the checks. */
final class Nemesis {

    private static final int FAULTS_BETWEEN_CALMS = 12;
    private static final int CALM_MILLIS = 2_800;
    private static final Duration USUAL_RECOVERY = Duration.ofSeconds(1);
    private static final int MOST_RECOVERY_SECONDS = 20;
    private static final int BETWEEN_ATTEMPTS_MILLIS = 10;

    private final Stage stage;
    private final @Nullable Drills drills;
    private final Ground ground;
    private final List<LoadStream> streams;
    private final HealthCheck health;
    private final RecoveryCheck recovery;
    private final Map<FaultKind, Integer> survived = new TreeMap<>();

    Nemesis(
            Stage stage,
            @Nullable Drills drills,
            Ground ground,
            List<LoadStream> streams,
            HealthCheck health,
            RecoveryCheck recovery) {
        this.stage = stage;
        this.drills = drills;
        this.ground = ground;
        this.streams = streams;
        this.health = health;
        this.recovery = recovery;
    }

    /** Makes the faults; returns how many there were of each kind. */
    Map<FaultKind, Integer> run(List<Fault> plan) throws InterruptedException {
        int number = 0;
        for (Fault fault : plan) {
            number++;
            if (number % FAULTS_BETWEEN_CALMS == 0) {
                ground.violations().during("calm before fault " + number);
                TimeUnit.MILLISECONDS.sleep(CALM_MILLIS);
            }
            ground.violations().during("fault " + number + ", " + fault);
            if (drills == null) {
                make(fault);
            } else {
                // Redis stays healthy, so all promises for times without a fault hold now.
                drills.run(fault);
            }
            survived.merge(fault.kind(), 1, Integer::sum);
            if (fault.second() != null) {
                survived.merge(fault.second(), 1, Integer::sum);
            }
            TimeUnit.MILLISECONDS.sleep(fault.pauseMillis());
        }
        ground.violations().during("the last calm");
        TimeUnit.MILLISECONDS.sleep(CALM_MILLIS);
        count(true);
        return survived;
    }

    private void make(Fault fault) throws InterruptedException {
        Loss loss = fault.kind().loss();
        stage.awaitReady();
        if (loss != Loss.NONE) {
            turn(loss);
            streams.forEach(stream -> stream.lost(loss));
        }
        ground.calm().end();
        health.expect(HealthCheck.ANYTHING, System.nanoTime());
        stage.begin(fault);
        health.expect(fault.second() == null ? fault.kind().health() : HealthCheck.ANYTHING, System.nanoTime());
        TimeUnit.MILLISECONDS.sleep(fault.millis());
        health.expect(HealthCheck.ANYTHING, System.nanoTime());
        stage.end(fault);
        long over = System.nanoTime();
        awaitRecovery(fault, over);
        // A failover continues in the background, and breaks connections once more.
        stage.awaitReady();
        // If the connection itself takes longer than usual to come back, so does the health.
        boolean usual = stage.recovery(fault.kind()).compareTo(USUAL_RECOVERY) <= 0;
        health.expect(HealthCheck.UP, usual ? over : System.nanoTime());
        ground.calm().begin(System.nanoTime());
        if (loss != Loss.NONE) {
            streams.forEach(stream -> stream.lost(loss));
            turn(loss);
        } else {
            count(true);
        }
    }

    /** Ends the epoch, and compares its counters. */
    private void turn(Loss loss) throws InterruptedException {
        boolean lostNothing = ground.epochs().turn(loss == Loss.GOES_BACK) % 2 == 1;
        count(lostNothing);
    }

    private void count(boolean lostNothing) throws InterruptedException {
        for (LoadStream stream : streams) {
            if (stream instanceof CountLoad counts) {
                counts.settle(lostNothing, stage::counter);
            }
        }
    }

    private void awaitRecovery(Fault fault, long over) throws InterruptedException {
        Duration bound = stage.recovery(fault.kind());
        long last = 0;
        for (RedisManager manager : List.of(ground.mine(), ground.theirs())) {
            while (!works(manager, fault.toString())) {
                if (System.nanoTime() - over > TimeUnit.SECONDS.toNanos(MOST_RECOVERY_SECONDS)) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_ATTEMPTS_MILLIS);
            }
            last = System.nanoTime() - over;
        }
        recovery.recovered(fault.toString(), Duration.ofNanos(last), bound);
    }

    private static boolean works(RedisManager manager, String value) {
        try {
            for (int i = 0; i < 4; i++) {
                String key = "recovery:" + i;
                manager.setSync(key, value);
                manager.getSync(key);
            }
            return true;
        } catch (RedisFailure e) {
            return false;
        }
    }
}
