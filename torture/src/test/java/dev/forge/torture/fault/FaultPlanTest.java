package dev.forge.torture.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.torture.fault.FaultKind.Scene;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    private static final Set<Scene> SINGLE = EnumSet.of(Scene.PROXY, Scene.SERVER);

    @Test
    void dependsOnItsSeedOnly() {
        List<Fault> plan = FaultPlan.of(7, SINGLE, 200);

        assertThat(FaultPlan.of(7, SINGLE, 200)).isEqualTo(plan);
        assertThat(FaultPlan.of(8, SINGLE, 200)).isNotEqualTo(plan);
    }

    @Test
    void hasEveryKindOfFaultOfItsScenesAndNoOther() {
        List<FaultKind> kinds = Arrays.stream(FaultKind.values())
                .filter(kind -> SINGLE.contains(kind.scene()))
                .toList();

        List<Fault> plan = FaultPlan.of(7, SINGLE, kinds.size());

        assertThat(plan.stream().map(Fault::kind)).containsExactlyInAnyOrderElementsOf(kinds);
    }
}
