package dev.forge.torture.fault;

import dev.forge.torture.check.HealthCheck;
import java.util.Set;

/**
 * A kind of fault.
 *
 * <p>A kind without a duration is over as soon as it has happened. The expected health applies once a fault has lasted
 * for two seconds.
 */
public enum FaultKind {
    RESET(Scene.PROXY, 0, 0, HealthCheck.UP),
    RESET_ON_REQUEST(Scene.PROXY, 50, 300, HealthCheck.UP),
    RESET_ON_REPLY(Scene.PROXY, 50, 300, HealthCheck.UP),
    DROP_REQUESTS(Scene.PROXY, 50, 2_500, down()),
    DROP_REPLIES(Scene.PROXY, 50, 2_500, down()),
    BLACK_HOLE(Scene.PROXY, 100, 3_000, down()),
    STALL(Scene.PROXY, 50, 1_500, down()),
    BLACK_HOLE_OPEN(Scene.PROXY, 0, 0, HealthCheck.UP),
    LATENCY(Scene.PROXY, 300, 1_500, HealthCheck.ANYTHING),
    ABOVE_DEADLINE(Scene.PROXY, 300, 2_500, HealthCheck.ANYTHING),
    ONE_WAY_LATENCY(Scene.PROXY, 300, 1_500, HealthCheck.ANYTHING),
    JITTER(Scene.PROXY, 300, 1_500, HealthCheck.ANYTHING),
    BANDWIDTH(Scene.PROXY, 300, 1_500, HealthCheck.ANYTHING),
    HOLD_PACKET(Scene.PROXY, 50, 600, HealthCheck.UP),
    REFUSE_CONNECTIONS(Scene.PROXY, 100, 2_800, down()),
    ACCEPT_AND_IGNORE(Scene.PROXY, 100, 2_800, down()),

    FREEZE(Scene.SERVER, 50, 3_000, down()),
    KILL_EMPTY(Scene.SERVER, 50, 2_800, down(), Loss.FORGETS),
    KILL_KEEPING(Scene.SERVER, 50, 1_500, down()),
    DEBUG_SLEEP(Scene.SERVER, 100, 1_500, down()),
    PAUSE_ALL(Scene.SERVER, 100, 1_500, down()),
    PAUSE_WRITES(Scene.SERVER, 100, 1_500, HealthCheck.ANYTHING),
    KILL_CLIENTS(Scene.SERVER, 0, 0, HealthCheck.UP),
    MAX_CLIENTS(Scene.SERVER, 300, 2_800, Set.of("Down/TOO_MANY_CLIENTS")),
    FLUSH_ALL(Scene.SERVER, 0, 0, HealthCheck.UP, Loss.FORGETS),
    FLUSH_SCRIPTS(Scene.SERVER, 0, 0, HealthCheck.UP),
    OUT_OF_MEMORY(Scene.SERVER, 300, 2_800, Set.of("ReadOnly/OUT_OF_MEMORY")),
    MISCONF(Scene.SERVER, 300, 2_800, Set.of("ReadOnly/CANNOT_PERSIST")),
    READ_ONLY(Scene.SERVER, 300, 2_800, Set.of("ReadOnly/REPLICA")),
    NO_REPLICAS(Scene.SERVER, 300, 2_800, Set.of("ReadOnly/TOO_FEW_REPLICAS")),
    PRIMARY_DOWN(Scene.SERVER, 300, 2_800, Set.of("Down/PRIMARY_LOST")),
    BUSY(Scene.SERVER, 300, 2_800, Set.of("Down/BUSY")),
    LOADING(Scene.SERVER, 300, 2_800, Set.of("Down/LOADING"), Loss.GOES_BACK),
    FOREIGN_SCRIPT(Scene.SERVER, 500, 2_500, down()),
    EVICTION(Scene.SERVER, 300, 2_500, HealthCheck.ANYTHING, Loss.FORGETS),
    ROTATE_PASSWORD(Scene.SERVER, 200, 2_800, Set.of("Down/AUTHENTICATION")),
    REVOKE_ALL(Scene.SERVER, 200, 2_800, Set.of("Down/NOT_PERMITTED", "Down/AUTHENTICATION")),
    REVOKE_WRITES(Scene.SERVER, 200, 2_800, Set.of("ReadOnly/NOT_PERMITTED", "ReadOnly/OTHER")),

    CLOCK_FORWARD(Scene.CLOCK, 200, 2_500, HealthCheck.UP, Loss.JUMPS),
    CLOCK_BACK(Scene.CLOCK, 200, 2_500, HealthCheck.UP, Loss.JUMPS),

    CORRUPT_REPLY(Scene.DAMAGE, 200, 800, HealthCheck.ANYTHING),
    TRUNCATE_REPLY(Scene.DAMAGE, 200, 800, HealthCheck.ANYTHING),

    MOVE_SLOTS(Scene.CLUSTER, 0, 0, HealthCheck.UP),
    CLUSTER_FAILOVER(Scene.CLUSTER, 0, 0, HealthCheck.UP),
    CLUSTER_TAKEOVER(Scene.CLUSTER, 0, 0, HealthCheck.ANYTHING, Loss.GOES_BACK),
    CLUSTER_KILL_PRIMARY(Scene.CLUSTER, 100, 500, HealthCheck.ANYTHING, Loss.GOES_BACK),
    CLUSTER_FREEZE_PRIMARY(Scene.CLUSTER, 100, 500, HealthCheck.ANYTHING, Loss.GOES_BACK),
    CLUSTER_BRIEF_FREEZE(Scene.CLUSTER, 50, 800, HealthCheck.ANYTHING),
    CLUSTER_KILL_CLIENTS(Scene.CLUSTER, 0, 0, HealthCheck.UP),
    CLUSTER_FLUSH_SCRIPTS(Scene.CLUSTER, 0, 0, HealthCheck.UP),
    CLUSTER_PAUSE(Scene.CLUSTER, 100, 800, HealthCheck.ANYTHING),
    CLUSTER_LINK_RESET(Scene.CLUSTER, 0, 0, HealthCheck.UP),
    CLUSTER_LINK_SLOW(Scene.CLUSTER, 300, 1_500, HealthCheck.ANYTHING),
    CLUSTER_LINK_DEAF(Scene.CLUSTER, 200, 2_000, HealthCheck.ANYTHING),
    CLUSTER_LINK_ONE_WAY(Scene.CLUSTER, 200, 2_000, HealthCheck.ANYTHING),
    CLUSTER_LINK_REFUSED(Scene.CLUSTER, 200, 2_000, HealthCheck.ANYTHING),

    SENTINEL_FAILOVER(Scene.SENTINEL, 0, 0, HealthCheck.ANYTHING, Loss.GOES_BACK),
    SENTINEL_KILL_PRIMARY(Scene.SENTINEL, 100, 500, HealthCheck.ANYTHING, Loss.GOES_BACK),
    SENTINEL_FREEZE_PRIMARY(Scene.SENTINEL, 100, 500, HealthCheck.ANYTHING, Loss.GOES_BACK),
    SENTINELS_DOWN(Scene.SENTINEL, 300, 1_500, HealthCheck.UP),
    SENTINEL_KILL_CLIENTS(Scene.SENTINEL, 0, 0, HealthCheck.UP),
    // The sentinels may regard a primary as dead that does not reply for so long.
    SENTINEL_PAUSE(Scene.SENTINEL, 100, 800, HealthCheck.ANYTHING, Loss.GOES_BACK),
    SENTINEL_DEAF(Scene.SENTINEL, 300, 1_500, HealthCheck.UP),
    SENTINEL_LINK_SLOW(Scene.SENTINEL, 300, 1_500, HealthCheck.ANYTHING, Loss.GOES_BACK),
    SENTINEL_CUT_PRIMARY(Scene.SENTINEL, 100, 500, HealthCheck.ANYTHING, Loss.GOES_BACK),

    BUSY_POOL(Scene.PROCESS, 0, 0, HealthCheck.UP),
    SLOW_CALLBACKS(Scene.PROCESS, 0, 0, HealthCheck.UP),
    SLOW_LOADERS(Scene.PROCESS, 0, 0, HealthCheck.UP),
    INTERRUPTS(Scene.PROCESS, 0, 0, HealthCheck.UP),
    BURST(Scene.PROCESS, 0, 0, HealthCheck.UP),
    HOT_KEY(Scene.PROCESS, 0, 0, HealthCheck.UP),
    MEGABYTES(Scene.PROCESS, 0, 0, HealthCheck.UP),
    LOADERS_IN_A_CIRCLE(Scene.PROCESS, 0, 0, HealthCheck.UP),
    FULL_EXECUTOR(Scene.PROCESS, 0, 0, HealthCheck.UP),
    CLOSE_UNDER_LOAD(Scene.PROCESS, 0, 0, HealthCheck.UP),
    STOPPED_CLIENT(Scene.PROCESS, 0, 0, HealthCheck.UP),
    NO_THREADS(Scene.PROCESS, 0, 0, HealthCheck.UP);

    /** Where a fault can happen. */
    public enum Scene {
        /** On the way to a single server. */
        PROXY,
        /** In a single server. */
        SERVER,
        /** To the clock of a single server. */
        CLOCK,
        /** To the bytes on the way: the only promise left is that calls end. */
        DAMAGE,
        /** In a cluster. */
        CLUSTER,
        /** In a group of servers under sentinels. */
        SENTINEL,
        /** In the process of the application, while Redis is healthy. */
        PROCESS
    }

    private final Scene scene;
    private final int leastMillis;
    private final int mostMillis;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<String> health;

    private final Loss loss;

    FaultKind(Scene scene, int leastMillis, int mostMillis, Set<String> health) {
        this(scene, leastMillis, mostMillis, health, Loss.NONE);
    }

    FaultKind(Scene scene, int leastMillis, int mostMillis, Set<String> health, Loss loss) {
        this.scene = scene;
        this.leastMillis = leastMillis;
        this.mostMillis = mostMillis;
        this.health = health;
        this.loss = loss;
    }

    /** Returns where it can happen. */
    public Scene scene() {
        return scene;
    }

    /** Returns the expected healths while it lasts; empty if every health is allowed. */
    public Set<String> health() {
        return health;
    }

    /** Returns its effect on data. */
    public Loss loss() {
        return loss;
    }

    int leastMillis() {
        return leastMillis;
    }

    int mostMillis() {
        return mostMillis;
    }

    private static Set<String> down() {
        return Set.of("Down");
    }
}
