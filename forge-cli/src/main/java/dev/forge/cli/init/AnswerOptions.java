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
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that answer a question. Without one, forge asks or uses the default: what the existing project has, or,
 * in a new one, every feature.
 */
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

    private @Nullable Answers former;
    private boolean usuallyWrapper;

    /** Makes the answers of {@code project}, which already exists, the defaults, and its Maven wrapper if it has one. */
    void changing(Answers project, boolean hasWrapper) {
        former = project;
        usuallyWrapper = hasWrapper;
    }

    /** Whether the project gets, or keeps, a Maven wrapper. */
    boolean wantsWrapper() {
        return wrapper == null ? usuallyWrapper : wrapper;
    }

    /** Whether the project gets a Git repository. */
    boolean wantsGit() {
        return git == null || git;
    }

    Answers withDefaults(ProjectName name) throws InvalidOption {
        return answers(name);
    }

    /** Asks for what no option has answered. The options then have the answers, even after an exception. */
    Answers asking(Questions questions, ProjectName name) throws InvalidOption {
        if (javaPackage == null) {
            Answers usual = answers(name);
            JavaPackage answer = questions.ask(
                    PACKAGE, usual.javaPackage().value(), typed -> Answers.requireOwn(new JavaPackage(typed), name));
            javaPackage = answer.value();
            if (group == null && answer.equals(usual.javaPackage())) {
                // Otherwise the answer would imply the group above it, and a former one may be another.
                group = former == null ? null : former.group().value();
            }
        }
        packageOrNull("--package", javaPackage);
        packageOrNull("--group", group);
        javaVersion();
        ci();
        redis = redis != null ? redis : confirmed(questions, Feature.REDIS);
        worker = worker != null ? worker : confirmed(questions, Feature.WORKER);
        docker = docker != null ? docker : confirmed(questions, Feature.DOCKER);
        if (ci == null) {
            ci = questions.ask(CI, ci().id(), Ci::of).id();
        }
        wrapper = wrapper != null ? wrapper : (Boolean) questions.confirm(WRAPPER, usuallyWrapper);
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

    /**
     * {@code command} with the options that give {@code answers}, both in a new directory and over the existing
     * project. Without those that are defaults in both.
     */
    TypedCommand add(Answers answers, TypedCommand command) {
        Answers usual = Answers.of(answers.name(), null, null, USUAL_JAVA, EnumSet.allOf(Feature.class), Ci.NONE);
        List<Answers> defaults = former == null ? List.of(usual) : List.of(usual, former);
        Answers implied = Answers.of(answers.name(), null, answers.javaPackage(), USUAL_JAVA, Set.of(), Ci.NONE);
        TypedCommand whole = command.without("--package")
                .without("--group")
                .without("--java")
                .without("--ci");
        if (!isDefault(defaults, answers, Answers::javaPackage) || !isDefault(defaults, answers, Answers::group)) {
            whole = whole.with("--package", answers.javaPackage().value());
        }
        if (!answers.group().equals(implied.group())) {
            whole = whole.with("--group", answers.group().value());
        }
        if (!isDefault(defaults, answers, Answers::javaVersion)) {
            whole = whole.with("--java", Integer.toString(answers.javaVersion().number()));
        }
        if (!isDefault(defaults, answers, Answers::ci)) {
            whole = whole.with("--ci", answers.ci().id());
        }
        for (Feature feature : Feature.values()) {
            boolean unsaid = isDefault(defaults, answers, each -> each.has(feature));
            whole = whole.withSwitch(feature.id(), unsaid ? null : (Boolean) answers.has(feature));
        }
        boolean unsaidWrapper = !wantsWrapper() && !usuallyWrapper;
        return whole.withSwitch("git", wantsGit() ? null : Boolean.FALSE)
                .withSwitch("wrapper", unsaidWrapper ? null : (Boolean) wantsWrapper());
    }

    private static <T> boolean isDefault(List<Answers> defaults, Answers answers, Function<Answers, T> part) {
        return defaults.stream().allMatch(usual -> part.apply(usual).equals(part.apply(answers)));
    }

    private Boolean confirmed(Questions questions, Feature feature) {
        Question question = new Question(feature.label(), feature.label(), feature.summary() + ".");
        return questions.confirm(question, isUsual(feature));
    }

    private boolean isUsual(Feature feature) {
        return former == null || former.has(feature);
    }

    private Answers answers(ProjectName name) throws InvalidOption {
        JavaPackage chosenGroup = packageOrNull("--group", group);
        JavaPackage chosen = packageOrNull("--package", javaPackage);
        if (former != null && chosen == null) {
            chosen = former.javaPackage();
            chosenGroup = chosenGroup == null ? former.group() : chosenGroup;
        }
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
            if (javaVersion == null) {
                return former == null ? USUAL_JAVA : former.javaVersion();
            }
            return JavaVersion.of(javaVersion);
        } catch (InvalidAnswer e) {
            throw new InvalidOption("--java", e);
        }
    }

    private Ci ci() throws InvalidOption {
        try {
            if (ci == null) {
                return former == null ? Ci.NONE : former.ci();
            }
            return Ci.of(ci);
        } catch (InvalidAnswer e) {
            throw new InvalidOption("--ci", e);
        }
    }

    private Set<Feature> features() {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        addIfOn(redis, Feature.REDIS, features);
        addIfOn(worker, Feature.WORKER, features);
        addIfOn(docker, Feature.DOCKER, features);
        return features;
    }

    private void addIfOn(@Nullable Boolean answer, Feature feature, Set<Feature> features) {
        if (answer == null ? isUsual(feature) : answer) {
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
