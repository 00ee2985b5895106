package dev.forge.cli.project;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;
import org.yaml.snakeyaml.Yaml;

/** Promises for a project with any set of features. RenderedProjectsIT checks that each compiles. */
class RenderedCombinationsTest {
    private static final Pattern ASSIGNMENT = Pattern.compile("(?m)^(?:# )?([A-Z][A-Z_]+)=");
    private static final Pattern VALUE = Pattern.compile("(?m)^(?:# )?[A-Z][A-Z_]+=(.*)$");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z_]+)");

    static Stream<Set<Feature>> all() {
        return Combinations.all();
    }

    static Stream<Set<Feature>> withDocker() {
        return all().filter(features -> features.contains(Feature.DOCKER));
    }

    @ParameterizedTest
    @MethodSource("all")
    void holdsNoMarkerAndNoNameOfTheTemplate(Set<Feature> features) {
        Combinations.texts(features).forEach((path, text) -> {
            assertThat(new MarkedText(path, text).keep(Set.of())).contains(text);
            assertThat(path + text)
                    .doesNotContain("com.example", "com/example", "0.1.0-SNAPSHOT")
                    .doesNotContainPattern("(?i)sample.?service");
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void isTheSameEveryTime(Set<Feature> features) {
        SortedMap<String, byte[]> first = Combinations.render(features).files();
        SortedMap<String, byte[]> second = Renderer.bundled()
                .render(Combinations.render(features).answers())
                .files();

        assertThat(second.keySet()).isEqualTo(first.keySet());
        first.forEach((path, content) -> assertThat(second.get(path)).as(path).isEqualTo(content));
    }

    @ParameterizedTest
    @MethodSource("all")
    void isWellFormedXmlAndYaml(Set<Feature> features) throws Exception {
        SortedMap<String, String> files = Combinations.texts(features);

        assertThat(files).containsKeys("pom.xml", "src/main/resources/application.yml");
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (file.getKey().endsWith(".xml")) {
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(file.getValue())));
            }
            if (file.getKey().endsWith(".yml")) {
                new Yaml()
                        .loadAll(file.getValue())
                        .forEach(document ->
                                assertThat(document).as(file.getKey()).isInstanceOf(Map.class));
            }
        }
    }

    /** As YAML, some names are no text. */
    @ParameterizedTest
    @CsvSource({"null,Null", "true,True", "no,No", "my_project,My Project"})
    void namesTheApplicationAsItIsCalled(String name, String heading) {
        Answers answers = new Answers(
                new ProjectName(name),
                new JavaPackage("org.acme"),
                new JavaPackage("org.acme.shop"),
                JavaVersion.OLDEST,
                Set.of(),
                Ci.NONE);
        String text = requireNonNull(
                Combinations.texts(Renderer.bundled().render(answers)).get("src/main/resources/application.yml"));

        Object configuration = new Yaml().loadAll(text).iterator().next();

        assertThat(child(child(child(configuration, "spring"), "application"), "name"))
                .isEqualTo(heading);
    }

    @ParameterizedTest
    @MethodSource("all")
    void mentionsNoFeatureThatItDoesNotHave(Set<Feature> features) {
        Map<Feature, String> signs = Map.of(
                Feature.REDIS, "(?i)redis|dev\\.forge|\\.forge/",
                Feature.WORKER, "(?i)db-?scheduler|kagkarlsson|scheduled_tasks|/tasks|app\\.tasks",
                Feature.DOCKER, "(?i)docker");

        Combinations.texts(features)
                .forEach((path, text) -> signs.forEach((feature, sign) -> {
                    if (!features.contains(feature)) {
                        assertThat(path + "\n" + text).as(path).doesNotContainPattern(sign);
                    }
                }));
        assertThat(Combinations.render(features).files().keySet().stream()
                        .anyMatch(path -> path.startsWith(".forge/repository/")))
                .isEqualTo(features.contains(Feature.REDIS));
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void composeFileNamesOnlyWhatItDefines(Set<Feature> features) {
        Object compose = new Yaml().load(Combinations.text(features, "docker-compose.yml"));
        Object services = child(compose, "services");

        assertThat(names(services)).contains("app");
        assertThat(names(services).contains("redis")).isEqualTo(features.contains(Feature.REDIS));
        for (String name : names(services)) {
            Object service = child(services, name);
            assertThat(names(services)).containsAll(names(child(service, "depends_on")));
            assertThat(names(child(compose, "networks"))).containsAll(names(child(service, "networks")));
            assertThat(names(child(compose, "volumes"))).containsAll(namedVolumes(child(service, "volumes")));
        }
    }

    @ParameterizedTest
    @MethodSource("withDocker")
    void imageIsBuiltOnlyFromFilesThatExist(Set<Feature> features) {
        Set<String> paths = Combinations.render(features).files().keySet();
        List<String> sources = Combinations.text(features, "Dockerfile")
                .lines()
                .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
                .map(line -> line.split(" +"))
                .flatMap(words -> Arrays.stream(words, 1, words.length - 1))
                .toList();

        assertThat(sources).contains("pom.xml", "src");
        assertThat(sources)
                .allSatisfy(source ->
                        assertThat(paths).anyMatch(path -> path.equals(source) || path.startsWith(source + "/")));
    }

    @ParameterizedTest
    @MethodSource("all")
    void exampleOfTheEnvironmentNamesExactlyTheVariablesThatAreRead(Set<Feature> features) throws IOException {
        Set<String> named = groups(ASSIGNMENT, Combinations.text(features, ".env.example"));
        Set<String> read = groups(PLACEHOLDER, Combinations.text(features, "src/main/resources/application.yml"));
        if (features.contains(Feature.DOCKER)) {
            read.addAll(groups(PLACEHOLDER, Combinations.text(features, "docker-compose.yml")));
        }
        if (features.contains(Feature.REDIS)) {
            read.addAll(readByTheLibrary());
        }

        assertThat(named).isEqualTo(read);
    }

    @ParameterizedTest
    @MethodSource("all")
    void exampleOfTheEnvironmentIsReadAlikeBySpringComposeAndAShell(Set<Feature> features) {
        List<String> values = VALUE.matcher(Combinations.text(features, ".env.example"))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(values).isNotEmpty().noneMatch(value -> value.matches(".*[\"'#\\s].*"));
    }

    /** The variables that the library reads itself, from its documentation. */
    private static Set<String> readByTheLibrary() throws IOException {
        Path library =
                Path.of(System.getProperty("forge.root", ".."), "forge-redis/src/main/java/dev/forge/redis/settings");
        Pattern variable = Pattern.compile("\"(REDIS_[A-Z_]+)\"");
        Set<String> read = groups(variable, Files.readString(library.resolve("SettingsReader.java")));
        read.addAll(groups(variable, Files.readString(library.resolve("TlsVariables.java"))));
        return read;
    }

    private static Set<String> groups(Pattern pattern, String text) {
        Set<String> groups = new TreeSet<>();
        pattern.matcher(text).results().forEach(match -> groups.add(match.group(1)));
        return groups;
    }

    private static @Nullable Object child(@Nullable Object map, String name) {
        return map instanceof Map<?, ?> known ? known.get(name) : null;
    }

    private static Set<String> names(@Nullable Object listOrMap) {
        Set<String> names = new TreeSet<>();
        if (listOrMap instanceof Map<?, ?> map) {
            map.keySet().forEach(name -> names.add(String.valueOf(name)));
        }
        if (listOrMap instanceof List<?> list) {
            list.forEach(name -> names.add(String.valueOf(name)));
        }
        return names;
    }

    private static Set<String> namedVolumes(@Nullable Object volumes) {
        Set<String> named = new TreeSet<>();
        names(volumes).stream()
                .map(volume -> volume.replaceFirst(":.*", ""))
                .filter(name -> !name.startsWith("."))
                .forEach(named::add);
        return named;
    }
}
