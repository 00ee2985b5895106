package dev.forge.cli.init;

import dev.forge.cli.project.Answers;
import dev.forge.cli.project.Feature;
import dev.forge.cli.project.JavaPackage;
import dev.forge.cli.project.ProjectName;
import dev.forge.cli.terminal.Questions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that answer a question. Without one, forge asks or uses the default: every feature is on. */
final class AnswerOptions {
    @Option(
            names = "--package",
            paramLabel = "PACKAGE",
            description = "Package of the classes (default: com.example.NAME, or GROUP.NAME, without - and _).")
    @Nullable
    String javaPackage;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Maven groupId (default: the package above PACKAGE).")
    @Nullable
    String group;

    @Option(
            names = "--redis",
            negatable = true,
            fallbackValue = "true",
            description = "With or without Redis, and the library for it (default: with).")
    @Nullable
    Boolean redis;

    @Option(
            names = "--worker",
            negatable = true,
            fallbackValue = "true",
            description = "With or without background tasks (default: with).")
    @Nullable
    Boolean worker;

    @Option(
            names = "--docker",
            negatable = true,
            fallbackValue = "true",
            description = "With or without Dockerfile and docker-compose.yml (default: with).")
    @Nullable
    Boolean docker;

    Answers withDefaults(ProjectName name) {
        return answers(name, packageOrNull(javaPackage));
    }

    Answers asking(Questions questions, ProjectName name) {
        JavaPackage chosen = packageOrNull(javaPackage);
        if (chosen == null) {
            String usual = answers(name, null).javaPackage().value();
            chosen = questions.ask("Package", usual, JavaPackage::new);
        }
        redis = redis != null ? redis : (Boolean) questions.confirm("Redis", true);
        worker = worker != null ? worker : (Boolean) questions.confirm("Background tasks", true);
        docker = docker != null ? docker : (Boolean) questions.confirm("Docker files", true);
        return answers(name, chosen);
    }

    private Answers answers(ProjectName name, @Nullable JavaPackage chosen) {
        return Answers.of(name, packageOrNull(group), chosen, features());
    }

    private Set<Feature> features() {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        addUnless(redis, Feature.REDIS, features);
        addUnless(worker, Feature.WORKER, features);
        addUnless(docker, Feature.DOCKER, features);
        return features;
    }

    private static void addUnless(@Nullable Boolean answer, Feature feature, Set<Feature> features) {
        if (answer == null || answer) {
            features.add(feature);
        }
    }

    private static @Nullable JavaPackage packageOrNull(@Nullable String value) {
        return value == null ? null : new JavaPackage(value);
    }
}
