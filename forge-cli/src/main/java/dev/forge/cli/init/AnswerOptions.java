package dev.forge.cli.init;

import dev.forge.cli.project.Answers;
import dev.forge.cli.project.Ci;
import dev.forge.cli.project.Feature;
import dev.forge.cli.project.InvalidAnswer;
import dev.forge.cli.project.JavaPackage;
import dev.forge.cli.project.JavaVersion;
import dev.forge.cli.project.ProjectName;
import dev.forge.cli.terminal.Questions;
import dev.forge.cli.terminal.Questions.Question;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that answer a question. Without one, forge asks or uses the default: every feature is on. */
final class AnswerOptions {
    private static final JavaVersion USUAL_JAVA =
            JavaVersion.usualOn(Runtime.version().feature());
    private static final Question PACKAGE = new Question(
            "Package",
            "a package",
            "The Java package of all classes, such as org.acme.shop. The Maven groupId is the package above it, or --group.");

    private static final Question WRAPPER = new Question(
            "Maven wrapper",
            "the answer",
            "Your Maven makes mvnw, which downloads this Maven where there is none. It needs the network.");
    private static final Question CI = new Question(
            "Continuous integration: github, gitlab or none",
            "the answer",
            "A file that makes GitHub Actions or GitLab build and test every push with mvn verify.");

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
            names = "--java",
            paramLabel = "VERSION",
            description = "Version of Java, 17, 21 or 25 (default: 21, or 17 if forge runs on a JDK that is older).")
    @Nullable
    String javaVersion;

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

    @Option(
            names = "--ci",
            paramLabel = "SERVICE",
            completionCandidates = CiNames.class,
            description = "Who builds and tests every push: github, gitlab or none (default: none).")
    @Nullable
    String ci;

    @Option(
            names = "--git",
            negatable = true,
            fallbackValue = "true",
            description = "With or without a Git repository and a first commit, if git is there (default: with).")
    @Nullable
    Boolean git;

    @Option(
            names = "--wrapper",
            negatable = true,
            fallbackValue = "true",
            description = "With or without a Maven wrapper, made by the Maven of this machine (default: without).")
    @Nullable
    Boolean wrapper;

    /** Whether the project gets a Maven wrapper. */
    boolean wantsWrapper() {
        return wrapper != null && wrapper;
    }

    /** Whether the project gets a Git repository. */
    boolean wantsGit() {
        return git == null || git;
    }

    Answers withDefaults(ProjectName name) throws InvalidOption {
        return answers(name);
    }

    /** Asks for what no option has answered. The options then have the answers, also after an exception. */
    Answers asking(Questions questions, ProjectName name) throws InvalidOption {
        if (javaPackage == null) {
            String usual = answers(name).javaPackage().value();
            javaPackage = questions.ask(PACKAGE, usual, JavaPackage::new).value();
        }
        packageOrNull("--package", javaPackage);
        packageOrNull("--group", group);
        javaVersion();
        ci();
        redis = redis != null ? redis : (Boolean) questions.confirm(about(Feature.REDIS), true);
        worker = worker != null ? worker : (Boolean) questions.confirm(about(Feature.WORKER), true);
        docker = docker != null ? docker : (Boolean) questions.confirm(about(Feature.DOCKER), true);
        if (ci == null) {
            ci = questions.ask(CI, Ci.NONE.id(), Ci::of).id();
        }
        wrapper = wrapper != null ? wrapper : (Boolean) questions.confirm(WRAPPER, false);
        return answers(name);
    }

    /** {@code command} with these options as they were typed. */
    TypedCommand addTo(TypedCommand command) {
        return command.withValue("--package", javaPackage)
                .withValue("--group", group)
                .withValue("--java", javaVersion)
                .withSwitch("redis", redis)
                .withSwitch("worker", worker)
                .withSwitch("docker", docker)
                .withValue("--ci", ci)
                .withSwitch("git", git)
                .withSwitch("wrapper", wrapper);
    }

    /** {@code command} with the options that give {@code answers}, without those that are defaults. */
    TypedCommand add(Answers answers, TypedCommand command) {
        Answers usual = Answers.of(answers.name(), null, null, USUAL_JAVA, Set.of(), Ci.NONE);
        Answers implied = Answers.of(answers.name(), null, answers.javaPackage(), USUAL_JAVA, Set.of(), Ci.NONE);
        TypedCommand whole = command.without("--package")
                .without("--group")
                .without("--java")
                .without("--ci");
        if (!answers.javaPackage().equals(usual.javaPackage())) {
            whole = whole.with("--package", answers.javaPackage().value());
        }
        if (!answers.group().equals(implied.group())) {
            whole = whole.with("--group", answers.group().value());
        }
        if (!answers.javaVersion().equals(usual.javaVersion())) {
            whole = whole.with("--java", Integer.toString(answers.javaVersion().number()));
        }
        if (answers.ci() != Ci.NONE) {
            whole = whole.with("--ci", answers.ci().id());
        }
        for (Feature feature : Feature.values()) {
            whole = whole.withSwitch(feature.id(), answers.has(feature) ? null : Boolean.FALSE);
        }
        return whole.withSwitch("git", wantsGit() ? null : Boolean.FALSE)
                .withSwitch("wrapper", wantsWrapper() ? Boolean.TRUE : null);
    }

    private static Question about(Feature feature) {
        return new Question(feature.label(), feature.label(), feature.summary() + ".");
    }

    private Answers answers(ProjectName name) throws InvalidOption {
        JavaPackage chosenGroup = packageOrNull("--group", group);
        JavaPackage chosen = packageOrNull("--package", javaPackage);
        JavaVersion chosenJava = javaVersion();
        Ci chosenCi = ci();
        try {
            return Answers.of(name, chosenGroup, chosen, chosenJava, features(), chosenCi);
        } catch (InvalidAnswer e) {
            // The group and the name are legal, and the package that they make is not.
            throw new InvalidOption("--package", e);
        }
    }

    private JavaVersion javaVersion() throws InvalidOption {
        try {
            return javaVersion == null ? USUAL_JAVA : JavaVersion.of(javaVersion);
        } catch (InvalidAnswer e) {
            throw new InvalidOption("--java", e);
        }
    }

    private Ci ci() throws InvalidOption {
        try {
            return ci == null ? Ci.NONE : Ci.of(ci);
        } catch (InvalidAnswer e) {
            throw new InvalidOption("--ci", e);
        }
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

    /** The values that a shell completes. */
    static final class CiNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Ci.values()).map(Ci::id).iterator();
        }
    }

    private static @Nullable JavaPackage packageOrNull(String option, @Nullable String value) throws InvalidOption {
        try {
            return value == null ? null : new JavaPackage(value);
        } catch (InvalidAnswer e) {
            throw new InvalidOption(option, e);
        }
    }
}
