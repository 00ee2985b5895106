package dev.forge.cli.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkedTextTest {
    private static final Set<Feature> ALL = EnumSet.allOf(Feature.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n// forge:begin redis\nb\n// forge:end redis\nc\n",
                "a\n    # forge:begin redis\nb\n    # forge:end redis\nc\n",
                "a\n-- forge:begin redis\nb\n-- forge:end redis\nc\n",
                "a\n  <!-- forge:begin redis -->\nb\n  <!-- forge:end redis -->\nc\n",
            })
    void keepsOrDeletesARegionInEveryCommentSyntax(String text) {
        MarkedText marked = new MarkedText("file", text);

        assertThat(marked.keep(Set.of(Feature.REDIS))).contains("a\nb\nc\n");
        assertThat(marked.keep(Set.of(Feature.DOCKER))).contains("a\nc\n");
    }

    @Test
    void keepsAFileOrRegionOnlyIfEveryFeatureNamedIsOn() {
        MarkedText file = new MarkedText("file", "// forge:file redis worker\na\n");
        MarkedText region = new MarkedText("file", "# forge:begin redis worker\na\n# forge:end worker redis\n");

        assertThat(file.keep(Set.of(Feature.REDIS, Feature.WORKER))).contains("a\n");
        assertThat(file.keep(Set.of(Feature.REDIS))).isEmpty();
        assertThat(region.keep(Set.of(Feature.REDIS, Feature.WORKER))).contains("a\n");
        assertThat(region.keep(Set.of(Feature.WORKER))).contains("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a\r\nb", "\n\n", "a\n// forge is a tool\nforge.redis.pool-size: 5\n"})
    void leavesTextWithoutMarkersAsItIs(String text) {
        assertThat(new MarkedText("file", text).keep(Set.of())).contains(text);
    }

    @Test
    void doesNotMistakeMavenCoordinatesForMarkers() {
        String text = "dev.forge:forge-redis:0.1.0\n<groupId>dev.forge</groupId>\nforge:\n  redis:\n";

        assertThat(new MarkedText("file", text).keep(ALL)).contains(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "// forge:begin rediss|1: unknown feature in a marker: rediss",
                "// forge:begin redis redis|1: feature named twice in a marker: redis",
                "// forge:start redis|1: unknown marker: forge:start",
                "// forge:begin|1: not a marker, but looks like one: // forge:begin",
                "//forge:begin redis|1: not a marker, but looks like one: //forge:begin redis",
                "/* forge:begin redis */|1: not a marker, but looks like one: /* forge:begin redis */",
                "<!-- forge:begin redis|1: not a marker, but looks like one: <!-- forge:begin redis",
                "code(); // forge:begin redis|1: not a marker, but looks like one: code(); // forge:begin redis",
                "// forge: begin redis|1: not a marker, but looks like one: // forge: begin redis",
                "// forge-begin redis|1: not a marker, but looks like one: // forge-begin redis",
                "// FORGE:BEGIN redis|1: not a marker, but looks like one: // FORGE:BEGIN redis",
                "// forg:begin redis|1: not a marker, but looks like one: // forg:begin redis",
                "// forge:begin redis|1: forge:begin without forge:end",
                "a~// forge:end redis|2: forge:end without forge:begin",
                "// forge:begin redis~// forge:end worker|2: forge:end must name the features of line 1",
                "// forge:begin redis~// forge:begin worker|2: forge:begin inside the region of line 1",
                "// forge:begin redis~// forge:begin redis|2: forge:begin inside the region of line 1",
                "a~// forge:file redis|2: forge:file must be on the first line",
            })
    void reportsAWrongMarkerAsAFaultWhateverTheFeatures(String lines, String fault) {
        MarkedText text = new MarkedText("pom.xml", lines.replace('~', '\n') + '\n');

        for (Set<Feature> features : Set.of(ALL, Set.<Feature>of())) {
            assertThatThrownBy(() -> text.keep(features))
                    .isInstanceOf(TemplateFault.class)
                    .hasMessage("pom.xml:" + fault);
        }
    }
}
