package dev.forge.redis.spring.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ForgeSessionPropertiesTest {

    @Test
    void everyPropertyHasMetadataAndALineInTheSettings() throws IOException {
        String settings = Files.readString(Path.of("../docs/settings.md"));
        JsonNode metadata = metadata();

        for (RecordComponent component : ForgeSessionProperties.class.getRecordComponents()) {
            String name = "forge.session."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            JsonNode property = metadata.path("properties")
                    .valueStream()
                    .filter(node -> node.path("name").asString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " has no metadata"));

            String standard = property.path("defaultValue").asString("");
            assertThat(property.path("type").asString("")).as(name).isNotEmpty();
            assertThat(property.path("description").asString("")).as(name).isNotEmpty();
            assertThat(settings)
                    .contains("| `" + name + "` | " + (standard.isEmpty() ? "–" : "`" + standard + "`") + " |");
        }
        assertThat(metadata.path("hints")
                        .valueStream()
                        .map(hint -> hint.path("name").asString()))
                .contains("forge.session.idle-timeout", "forge.session.absolute-timeout", "forge.session.max-size");
    }

    private static JsonNode metadata() throws IOException {
        try (InputStream file =
                ForgeSessionProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared().readTree(requireNonNull(file));
        }
    }
}
