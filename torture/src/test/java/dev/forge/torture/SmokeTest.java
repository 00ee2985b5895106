package dev.forge.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.torture.check.Secrets;
import dev.forge.torture.check.Violations;
import dev.forge.torture.fault.FaultKind.Scene;
import dev.forge.torture.fault.SingleStage;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SmokeTest {

    @Test
    void survivesAHandfulOfFaultsAndReportsThem() throws InterruptedException {
        Violations violations = new Violations();
        Phase phase =
                new Phase("smoke", EnumSet.of(Scene.PROXY), 4, () -> new SingleStage("S3CR3T-1", "S3CR3T-2", null));

        PhaseResult result = new PhaseRun(phase, 3, 1, 500, violations, new Secrets(violations), "V4LUE-1").run();

        Report report = new Report(3, List.of(result), 0, 0, violations);
        assertThat(result.faultCount()).isEqualTo(4);
        assertThat(result.streams())
                .hasSize(15)
                .allSatisfy((name, rate) -> assertThat(rate.held()).as(name).isPositive());
        assertThat(result.streams())
                .hasEntrySatisfying(
                        "cached reads",
                        rate -> assertThat(rate.outcomes())
                                .hasEntrySatisfying(
                                        "from memory", hits -> assertThat(hits).isPositive()));
        assertThat(report.text()).contains("4 faults").contains("| increments |");
        assertThat(report.json()).contains("\"seed\" : 3");
    }
}
