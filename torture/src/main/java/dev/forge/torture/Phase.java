package dev.forge.torture;

import dev.forge.torture.fault.FaultKind.Scene;
import dev.forge.torture.fault.Stage;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A part of a run, on one topology.
 *
 * @param scenes the places of its faults
 * @param faults the number of faults
 * @param stage starts its Redis
 */
record Phase(String name, Set<Scene> scenes, int faults, Supplier<Stage> stage) {

    /** Returns whether bytes are corrupted, so that the only promise left is that calls end. */
    boolean isDamaged() {
        return scenes.contains(Scene.DAMAGE);
    }
}
