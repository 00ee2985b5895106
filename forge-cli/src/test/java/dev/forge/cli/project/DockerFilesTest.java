package dev.forge.cli.project;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Checks what can be checked of the Docker files of every project without a Docker engine. */
class DockerFilesTest {
    private static final String REDIS_PASSWORD = "${REDIS_PASSWORD:-}";

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
        assertThat(Combinations.text(features, "Dockerfile"))
                .contains("\nHEALTHCHECK ")
                .containsPattern("\nUSER [1-9]\\d*:[1-9]\\d*\n");
    }

    /** That of Java 17 on Alpine is made for amd64 only. */
    @ParameterizedTest
    @CsvSource({"17,eclipse-temurin:17-jre", "21,eclipse-temurin:21-jre-alpine", "25,eclipse-temurin:25-jre-alpine"})
    void runsInAnImageThatIsMadeForArmToo(int java, String image) {
        RenderedProject project = Renderer.bundled()
                .render(new Answers(
                        new ProjectName("shop"),
                        new JavaPackage("org.acme"),
                        new JavaPackage("org.acme.shop"),
                        new JavaVersion(java),
                        Set.of(Feature.DOCKER),
                        Ci.NONE));

        assertThat(Combinations.texts(project).get("Dockerfile"))
                .contains("FROM maven:3-eclipse-temurin-" + java + " AS build\n", "\nFROM " + image + "\n");
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void givesNoServiceMoreRightsThanItNeeds(Set<Feature> features) {
        services(features).forEach((name, service) -> {
            assertThat(service)
                    .as(name)
                    .containsEntry("cap_drop", List.of("ALL"))
                    .containsEntry("security_opt", List.of("no-new-privileges:true"))
                    .containsEntry("read_only", true)
                    .containsKey("mem_limit");
            // An image with a version is not built here, and would begin as root, which needs capabilities to become
            // another user.
            if (String.valueOf(service.get("image")).contains(":")) {
                assertThat(String.valueOf(service.get("user"))).as(name).matches("[1-9]\\d*:[1-9]\\d*");
            }
        });
    }

    /** Without it, Docker kills the service ten seconds after it was told to stop, while a slow body may still arrive. */
    @ParameterizedTest
    @MethodSource("withDocker")
    void letsRequestsEndBeforeItKillsTheService(Set<Feature> features) {
        assertThat(requireNonNull(services(features).get("app"))).containsEntry("stop_grace_period", "20s");
        assertThat(Combinations.text(features, "src/main/resources/application.yml"))
                .contains("deadline: 10s # The longest time in which a body may arrive.");
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void runsInProductionWithTheVariablesOfTheEnvironmentFile(Set<Feature> features) {
        for (String name : features.contains(Feature.WORKER) ? List.of("app", "worker") : List.of("app")) {
            Map<String, Object> service = requireNonNull(services(features).get(name));

            assertThat(service.get("env_file")).isEqualTo(List.of(Map.of("path", ".env", "required", false)));
            assertThat(requireNonNull(environment(service).get("SPRING_PROFILES_ACTIVE"))
                            .split(","))
                    .contains("production");
        }
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void hasNoPasswordOfItsOwn(Set<Feature> features) {
        assertThat(Combinations.text(features, "docker-compose.yml").lines())
                .filteredOn(line -> line.contains("PASSWORD: "))
                .hasSize(features.contains(Feature.REDIS) ? 3 : 2)
                .allMatch(line -> line.endsWith("PASSWORD: ${POSTGRES_PASSWORD:?is not set}")
                        || line.endsWith(" REDIS_PASSWORD: " + REDIS_PASSWORD));
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void keepsCachesApartFromSessions(Set<Feature> features) {
        assumeThat(features).contains(Feature.REDIS);
        Map<String, Map<String, Object>> services = services(features);

        assertThat(environment(requireNonNull(services.get("app"))))
                .containsEntry("REDIS_CONNECTION_URL", "redis://redis:6379")
                .containsEntry("CACHE_REDIS_CONNECTION_URL", "redis://redis-cache:6379");
        assertThat(requireNonNull(services.get("redis")).get("command"))
                .asString()
                .contains("--maxmemory-policy, noeviction", "--appendonly, yes");
        assertThat(requireNonNull(services.get("redis-cache")).get("command"))
                .asString()
                .contains("--maxmemory-policy allkeys-lfu", "--appendonly no", "--save \"\"");
    }

    /** The service gets it from the same place, the shell or else the file, and without it neither has one. */
    @ParameterizedTest
    @MethodSource("withDocker")
    void protectsSessionsByThePasswordThatTheServiceHas(Set<Feature> features) {
        assumeThat(features).contains(Feature.REDIS);
        Map<String, Map<String, Object>> services = services(features);
        Map<String, Object> redis = requireNonNull(services.get("redis"));

        assertThat(redis.get("command")).asString().endsWith("--requirepass, " + REDIS_PASSWORD + "]");
        for (String name : features.contains(Feature.WORKER) ? List.of("app", "worker") : List.of("app")) {
            assertThat(environment(requireNonNull(services.get(name)))).containsEntry("REDIS_PASSWORD", REDIS_PASSWORD);
        }
        assertThat(redis.get("healthcheck")).asString().contains("PONG|NOAUTH");
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void seesThatAWorkerIsAlive(Set<Feature> features) {
        assumeThat(features).contains(Feature.WORKER);

        assertThat(requireNonNull(services(features).get("worker")).get("healthcheck"))
                .asString()
                .contains("/tmp/worker-heartbeat");
        assertThat(Combinations.text(features, "src/main/resources/application.yml"))
                .contains("heartbeat-file: ${java.io.tmpdir}/worker-heartbeat");
    }

    /** While it makes the database, PostgreSQL answers on a socket. */
    @ParameterizedTest
    @MethodSource("withDocker")
    void asksPostgresqlByTcp(Set<Feature> features) {
        assertThat(requireNonNull(services(features).get("postgres")).get("healthcheck"))
                .asString()
                .contains("-h 127.0.0.1");
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
    private static Map<String, String> environment(Map<String, Object> service) {
        return (Map<String, String>) service.getOrDefault("environment", Map.of());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> dependencies(Map<String, Object> service) {
        return (Map<String, Object>) service.getOrDefault("depends_on", Map.of());
    }
}
