package dev.forge.torture.drill;

import dev.forge.torture.fault.Fault;
import dev.forge.torture.fault.FaultKind;

/** Runs the drill of each kind of fault that happens in the process itself. */
public final class Drills {

    private final DrillGround ground;

    public Drills(DrillGround ground) {
        this.ground = ground;
    }

    /** Runs one; what it throws is a violation. */
    public void run(Fault fault) throws InterruptedException {
        try {
            drill(fault.kind()).run(ground);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            ground.violations().add("a drill ends", fault.kind() + " threw " + e);
        }
    }

    private static Drill drill(FaultKind kind) {
        return switch (kind) {
            case BUSY_POOL -> new BusyPool();
            case SLOW_CALLBACKS -> new SlowCallbacks();
            case SLOW_LOADERS -> new SlowLoaders();
            case INTERRUPTS -> new Interrupts();
            case BURST -> new Burst();
            case HOT_KEY -> new HotKey();
            case MEGABYTES -> new Megabytes();
            case LOADERS_IN_A_CIRCLE -> new LoadersInACircle();
            case FULL_EXECUTOR -> new FullExecutor();
            case CLOSE_UNDER_LOAD -> new CloseUnderLoad();
            case STOPPED_CLIENT -> new StoppedClient();
            case NO_THREADS -> new NoThreads();
            default -> throw new IllegalArgumentException(kind + " does not happen in the process");
        };
    }
}
