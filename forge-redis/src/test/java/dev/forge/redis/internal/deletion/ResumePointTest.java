package dev.forge.redis.internal.deletion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResumePointTest {

    @Test
    void beginsAgainAtANodeThatWasNotScanned() {
        KeySelection keys = KeySelection.of("users::*");
        KeyLayout layout = new KeyLayout(Map.of("a:1", "process 0-1", "b:2", "process 2-3"), Set.of(), true);

        String text =
                ResumePoint.at(keys, layout, Map.of("a:1", "17", "c:3", "19")).toString();

        assertThat(ResumePoint.read(text, keys).cursorsIn(layout)).isEqualTo(Map.of("a:1", "17", "b:2", "0"));
    }
}
