// forge:file docker
package com.example.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Checks what can be checked of the Docker files without a Docker engine. */
class DockerFilesTest {
    @Test
    void copiesOnlyFilesThatExist() throws IOException {
        List<String> sources = Files.readAllLines(Path.of("Dockerfile")).stream()
                .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
                .map(line -> line.split(" "))
                .flatMap(words -> Arrays.stream(words, 1, words.length - 1))
                .toList();

        assertThat(sources)
                .contains("pom.xml", "src")
                .allSatisfy(source -> assertThat(Path.of(source)).exists());
    }

    @Test
    void waitsOnlyForServicesThatHaveAHealthCheck() throws IOException {
        Map<String, Map<String, Object>> services = services();

        services.forEach((name, service) -> dependencies(service).forEach((dependency, condition) -> {
            assertThat(services).as("what %s depends on", name).containsKey(dependency);
            assertThat(condition).isEqualTo(Map.of("condition", "service_healthy"));
            // An image that is built here has its health check in the Dockerfile.
            assertThat(services.get(dependency).keySet()).containsAnyOf("healthcheck", "build");
        }));
    }

    @Test
    void publishesPortsOnThisMachineOnly() throws IOException {
        assertThat(services().values())
                .flatMap(service -> (List<?>) service.getOrDefault("ports", List.of()))
                .isNotEmpty()
                .allSatisfy(port -> assertThat(port).asString().startsWith("127.0.0.1:"));
    }

    @Test
    void checksTheHealthOfTheImage() throws IOException {
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("\nHEALTHCHECK ", "\nUSER app\n");
    }

    @Test
    void keepsTheEnvironmentFileOutOfTheImage() throws IOException {
        assertThat(Files.readAllLines(Path.of(".dockerignore"))).containsSubsequence("*", ".env*", "!.env.example");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> services() throws IOException {
        Map<String, Object> compose = new Yaml().load(Files.readString(Path.of("docker-compose.yml")));
        return (Map<String, Map<String, Object>>) compose.get("services");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> dependencies(Map<String, Object> service) {
        return (Map<String, Object>) service.getOrDefault("depends_on", Map.of());
    }
}
