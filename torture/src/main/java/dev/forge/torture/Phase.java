package dev.forge.torture;

import dev.forge.torture.fault.FaultKind.Scene;
import dev.forge.torture.fault.Stage;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A part of a run, on one topology.
 *
 * @param scenes where its faults happen
 * @param faults how many
 * @param stage starts its Redis
 */
record Phase(String name, Set<Scene> scenes, int faults, Supplier<Stage> stage) {

    /** Returns whether the bytes themselves are damaged, so that nothing but an end can be promised. */
    boolean isDamaged() {
        return scenes.contains(Scene.DAMAGE);
    }
}
