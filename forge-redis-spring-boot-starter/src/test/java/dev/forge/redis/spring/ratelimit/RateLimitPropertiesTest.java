package dev.forge.redis.spring.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RateLimitPropertiesTest {

    private static final JsonNode METADATA = metadata();

    @Test
    void hasMetadataForEachProperty() {
        for (RecordComponent property : RateLimitProperties.class.getRecordComponents()) {
            JsonNode found = found("forge.rate-limit." + kebab(property.getName()));

            assertThat(found.path("type").asString())
                    .startsWith(property.getType().getName());
            assertThat(found.path("description").asString()).endsWith(".");
        }
    }

    @Test
    void explainsEachPropertyInTheDocs() throws IOException {
        String page = Files.readString(Path.of("../docs/rate-limits.md"));

        for (RecordComponent property : RateLimitProperties.Rule.class.getRecordComponents()) {
            assertThat(page).containsPattern("\\| .*`(rules\\.<name>)?\\." + kebab(property.getName()) + "[`.]");
        }
    }

    private static JsonNode found(String name) {
        for (JsonNode each : METADATA.path("properties")) {
            if (each.path("name").asString().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no metadata for " + name);
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static JsonNode metadata() {
        try (InputStream file =
                RateLimitProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
