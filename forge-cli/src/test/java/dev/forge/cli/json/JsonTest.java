package dev.forge.cli.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonTest {
    @Test
    void isReadBackByAnotherLibraryAsItWasWritten() {
        StringBuilder everything = new StringBuilder();
        for (char character = 0; character < 0x300; character++) {
            everything.append(character);
        }
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", everything + "\u2028\ud83d\ude00");
        value.put("\"quoted\\key\"", true);
        value.put("numbers", List.of(1, -2, 3_000_000_000L));
        value.put("nested", Map.of("list", List.of(Map.of("a", "b"))));
        value.put("empty", List.of(Map.of(), List.of()));

        assertThat(new JsonMapper().readValue(Json.write(value), Object.class)).isEqualTo(value);
    }

    @Test
    void isIndentedInTheOrderOfTheMap() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("b", List.of("x", "y"));
        value.put("a", Map.of());

        assertThat(Json.write(value)).isEqualTo("""
                        {
                          "b": [
                            "x",
                            "y"
                          ],
                          "a": {}
                        }
                        """);
    }

    @Test
    void refusesOtherTypes() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.write(Map.of("a", 1.5)));
    }
}
