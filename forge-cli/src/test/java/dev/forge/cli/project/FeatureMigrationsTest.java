package dev.forge.cli.project;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** A database that a project made before {@code forge init --force} gave it other features goes on with it. */
class FeatureMigrationsTest {
    private static final Logger QUIET = Logger.getLogger("org.flywaydb");
    private static final String FOLDER = "src/main/resources/db/migration/";

    private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    @TempDir
    Path directory;

    @BeforeAll
    static void logNothing() {
        QUIET.setLevel(Level.OFF);
    }

    /** Docker has no tables. */
    static Stream<Arguments> changes() {
        List<Set<Feature>> all =
                Combinations.all().filter(set -> !set.contains(Feature.DOCKER)).toList();
        return all.stream().flatMap(before -> all.stream().map(after -> Arguments.of(before, after)));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void migratesADatabaseOfOtherFeatures(Set<Feature> before, Set<Feature> after) throws IOException {
        migrate("before", before);
        // Of the owner's own, as the README says.
        migrate("own", before, "V1__own.sql");

        migrate("after", after, "V1__own.sql");
        migrate("again", before, "V1__own.sql");

        Flyway end = flyway("end", after, "V1__own.sql");
        assertThat(end.info().pending()).isEmpty();
        assertThat(Arrays.stream(end.info().applied()).map(MigrationInfo::getDescription))
                .contains("own")
                .hasSizeGreaterThanOrEqualTo(migrations(after).size() + 1);
    }

    private void migrate(String folder, Set<Feature> features, String... own) throws IOException {
        flyway(folder, features, own).migrate();
    }

    /** Flyway with the files and the settings of the project, as Spring Boot makes it. */
    private Flyway flyway(String folder, Set<Feature> features, String... own) throws IOException {
        Path files = Files.createDirectory(directory.resolve(folder));
        for (Map.Entry<String, String> migration : migrations(features).entrySet()) {
            Files.writeString(files.resolve(migration.getKey()), migration.getValue());
        }
        for (String name : own) {
            Files.writeString(files.resolve(name), "alter table user_profile add column nickname varchar(10);");
        }
        Map<?, ?> settings = settings(features);
        return Flyway.configure()
                .dataSource(database, "", "")
                .locations("filesystem:" + files)
                .outOfOrder((Boolean) requireNonNull(settings.get("out-of-order")))
                .ignoreMigrationPatterns(requireNonNull(settings.get("ignore-migration-patterns"))
                        .toString()
                        .split(", "))
                .load();
    }

    private static Map<String, String> migrations(Set<Feature> features) {
        Map<String, String> files = new TreeMap<>();
        Combinations.texts(features).forEach((path, text) -> {
            if (path.startsWith(FOLDER)) {
                files.put(path.substring(FOLDER.length()), text);
            }
        });
        return files;
    }

    private static Map<?, ?> settings(Set<Feature> features) {
        String yaml = Combinations.text(features, "src/main/resources/application.yml");
        Object first = requireNonNull(new Yaml().loadAll(yaml).iterator().next());
        Object spring = requireNonNull(((Map<?, ?>) first).get("spring"));
        return (Map<?, ?>) requireNonNull(((Map<?, ?>) spring).get("flyway"));
    }
}
