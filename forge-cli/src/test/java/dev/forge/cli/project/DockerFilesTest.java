package dev.forge.cli.project;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Checks what can be checked of the Docker files of every project without a Docker engine. */
class DockerFilesTest {
    static Stream<Set<Feature>> withDocker() {
        return Combinations.all().filter(features -> features.contains(Feature.DOCKER));
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void waitsOnlyForServicesThatHaveAHealthCheck(Set<Feature> features) {
        Map<String, Map<String, Object>> services = services(features);

        services.forEach((name, service) -> dependencies(service).forEach((dependency, condition) -> {
            assertThat(services).as("what %s depends on", name).containsKey(dependency);
            assertThat(condition).isEqualTo(Map.of("condition", "service_healthy"));
            // An image that is built here has its health check in the Dockerfile.
            assertThat(requireNonNull(services.get(dependency)).keySet()).containsAnyOf("healthcheck", "build");
        }));
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void publishesPortsOnThisMachineOnly(Set<Feature> features) {
        assertThat(services(features).values())
                .flatMap(service -> (List<?>) service.getOrDefault("ports", List.of()))
                .isNotEmpty()
                .allSatisfy(port -> assertThat(port).asString().startsWith("127.0.0.1:"));
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void checksTheHealthOfTheImage(Set<Feature> features) {
        assertThat(Combinations.text(features, "Dockerfile")).contains("\nHEALTHCHECK ", "\nUSER app\n");
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void keepsTheEnvironmentFileOutOfTheImage(Set<Feature> features) {
        assertThat(Combinations.text(features, ".dockerignore").lines().toList())
                .containsSubsequence("*", ".env*", "!.env.example");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> services(Set<Feature> features) {
        Map<String, Object> compose = new Yaml().load(Combinations.text(features, "docker-compose.yml"));
        return (Map<String, Map<String, Object>>) requireNonNull(compose.get("services"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> dependencies(Map<String, Object> service) {
        return (Map<String, Object>) service.getOrDefault("depends_on", Map.of());
    }
}
