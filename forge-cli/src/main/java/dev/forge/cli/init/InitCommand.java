package dev.forge.cli.init;

import dev.forge.cli.disk.Change;
import dev.forge.cli.disk.OccupiedException;
import dev.forge.cli.disk.Overwrite;
import dev.forge.cli.disk.ProjectWriter;
import dev.forge.cli.failure.Exit;
import dev.forge.cli.failure.Failure;
import dev.forge.cli.failure.Printable;
import dev.forge.cli.program.MavenWrapper;
import dev.forge.cli.project.Answers;
import dev.forge.cli.project.InvalidAnswer;
import dev.forge.cli.project.JavaVersion;
import dev.forge.cli.project.ProjectName;
import dev.forge.cli.project.RenderedProject;
import dev.forge.cli.project.Renderer;
import dev.forge.cli.service.Port;
import dev.forge.cli.terminal.CliEnvironment;
import dev.forge.cli.terminal.Questions;
import dev.forge.cli.terminal.Questions.Question;
import dev.forge.cli.terminal.Style;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code forge init}: creates a project. */
@Command(
        name = "init",
        sortOptions = false,
        description = "Make a project: a running, tested Spring Boot service.",
        footer = {
            "",
            "On a terminal, init asks for missing answers; with -y or --json, or without a terminal, it uses defaults.",
            "In a project of forge, its answers are defaults; with NAME ., so is its name.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 would overwrite, 130 interrupted"
        })
public final class InitCommand implements Callable<Integer> {
    private static final String HERE = ".";
    private static final String EXAMPLE = "my_project";
    private static final Question NAME = new Question(
            "Name of the project",
            "NAME",
            "The directory, the Maven artifact and the prefix of the containers: lower-case words joined by - or _.");

    private final CliEnvironment environment;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "Name of the project and of its directory; . takes the current directory and its name.")
    @Nullable
    String name;

    @Mixin
    AnswerOptions answerOptions = new AnswerOptions();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Existing directory in which the project is made (default: the current one).")
    String dir = "";

    @Option(
            names = "--force",
            description =
                    "Overwrite files at the same paths. Remove files of a former project that the new one leaves out,"
                            + " unless you have changed them.")
    boolean force;

    @Option(names = "--dry-run", description = "List the files and write nothing.")
    boolean dryRun;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    boolean json;

    @Option(
            names = {"-y", "--yes"},
            description = "Ask nothing.")
    boolean yes;

    @Option(names = "--run", description = "Start the service with Maven when it is written.")
    boolean run;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the service, with --run (default: 8000); the next one is for its health.")
    @Nullable
    String port;

    /** The command in this environment. */
    public InitCommand(CliEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Port servicePort = checkedPort();
        Place place = Place.of(environment, dir, HERE.equals(name), typed());
        Optional<Questions> questions = yes || json ? Optional.empty() : environment.questions();
        Answers answers = answers(place, questions);
        requireJdk(answers);
        Path target = place.target(answers.name());

        long begin = System.nanoTime();
        RenderedProject project = Renderer.bundled().render(answers);
        ProjectWriter writer = new ProjectWriter(target, project.files(), project.leftOut())
                .keeping(answerOptions.wantsWrapper() ? MavenWrapper.PATHS : Collections.emptySortedSet());
        Change planned = onDisk(target, answers, () -> writer.check(overwrite()));
        if (!dryRun) {
            questions.ifPresent(terminal -> confirm(terminal, project, target, planned));
        }
        Change change = dryRun ? planned : onDisk(target, answers, () -> writer.write(overwrite()));
        Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);

        Additions additions =
                dryRun ? Additions.NONE : Additions.to(target, project, writer, answerOptions, environment);

        report(project, target, servicePort, change, additions, elapsed, questions.isPresent());
        additions.requireWrapper(target, environment.directory());
        return run ? new FirstRun(environment, target, servicePort).start() : Exit.DONE.code();
    }

    private Port checkedPort() {
        if (run && (dryRun || json)) {
            String other = dryRun ? "--dry-run" : "--json";
            throw Failure.usage(
                    "--run does not go with " + other, typed().without(other).text());
        }
        Port chosen;
        try {
            chosen = port == null ? Port.DEFAULT : Port.of(port);
        } catch (IllegalArgumentException e) {
            int free = Port.DEFAULT.isFree()
                    ? Port.DEFAULT.number()
                    : Port.DEFAULT.nextFree().orElse(8001);
            throw Failure.usage(
                    String.valueOf(e.getMessage()),
                    typed().with("--run").with("--port", Integer.toString(free)).text());
        }
        if (port != null && !run) {
            throw Failure.usage(
                    "--port goes with --run only", typed().with("--run").text());
        }
        return chosen;
    }

    /** Maven finds the JDK as forge does, and no JDK builds for a later version of Java than its own. */
    private void requireJdk(Answers answers) {
        int jdk = Runtime.version().feature();
        if (run && answers.javaVersion().number() > jdk) {
            throw Failure.usage(
                    "--run builds with this JDK, which is " + jdk + ", and so not for Java "
                            + answers.javaVersion().number(),
                    typed().with(
                                    "--java",
                                    Integer.toString(JavaVersion.usualOn(jdk).number()))
                            .text());
        }
    }

    private Answers answers(Place place, Optional<Questions> questions) {
        try {
            ProjectName projectName = projectName(place, questions);
            Path target = place.target(projectName);
            ProjectWriter.formerAnswers(target, projectName)
                    .ifPresent(former -> answerOptions.changing(former, MavenWrapper.isIn(target)));
            return questions.isPresent()
                    ? answerOptions.asking(questions.get(), projectName)
                    : answerOptions.withDefaults(projectName);
        } catch (InvalidOption e) {
            throw Failure.usage(e.rule(), e.corrected(typed()).text());
        } catch (Questions.Unanswered e) {
            throw Failure.interrupted(
                    e.getMessage() + "; nothing was written", typed().with("-y").text());
        }
    }

    private ProjectName projectName(Place place, Optional<Questions> questions) {
        if (place.here()) {
            return ProjectWriter.formerName(place.parent()).orElseGet(() -> place.ownName(typed()));
        }
        if (name == null) {
            ProjectName answer = questions
                    .map(terminal -> terminal.ask(NAME, EXAMPLE, ProjectName::new))
                    .orElseThrow(() -> Failure.usage("NAME is missing", typed().text()));
            name = answer.value();
            return answer;
        }
        try {
            return new ProjectName(name);
        } catch (InvalidAnswer e) {
            throw Failure.usage(e.about("NAME"), Place.legal(typed()).text());
        }
    }

    private void confirm(Questions terminal, RenderedProject project, Path target, Change change) {
        try {
            if (new Summary(project, target, change, answerOptions).confirmedOn(terminal)) {
                return;
            }
        } catch (Questions.Unanswered e) {
            throw Failure.interrupted(
                    e.getMessage() + "; nothing was written",
                    withAnswers(project.answers()).with("-y").text());
        }
        throw Failure.interrupted(
                "you answered no; nothing was written",
                withAnswers(project.answers()).without("-y").text());
    }

    private Overwrite overwrite() {
        return force ? Overwrite.SAME_PATHS : Overwrite.NEVER;
    }

    /** An access to the disk. */
    private interface Access {
        Change run() throws OccupiedException, IOException;
    }

    private Change onDisk(Path target, Answers answers, Access access) {
        try {
            return access.run();
        } catch (OccupiedException e) {
            throw Failure.wouldOverwrite(
                    e.obstacle(),
                    e.yieldsToForce()
                            ? typed().with("--force").text(e.effectOfForce())
                            : Place.beside(target, answers.name(), samePackage(answers))
                                    .text("makes it beside that one, under another name"));
        } catch (IOException e) {
            String reason = reason(e);
            String look = reason.contains("No space left") ? "df -h " : "ls -ld ";
            throw Failure.failed(
                    "writing " + target + " failed: " + reason + "; nothing was written",
                    look + Printable.shell(String.valueOf(target.getParent())) + " # and then: " + typed().text(),
                    e);
        }
    }

    private void report(
            RenderedProject project,
            Path target,
            Port servicePort,
            Change change,
            Additions additions,
            Duration elapsed,
            boolean asked) {
        var next = new ArrayList<>(NextSteps.of(project.answers(), target, environment.directory(), servicePort));
        next.addAll(additions.steps());
        String command = withAnswers(project.answers()).with("-y").text();
        Report report = new Report(project, target, next, command, change, additions);
        if (json) {
            report.printJson(environment.out(), dryRun);
        } else if (dryRun) {
            report.printDryRun(environment.out());
        } else {
            report.printWritten(environment.out(), new Style(environment.colour()), elapsed, asked);
        }
    }

    /** What was typed, with the answers so far. */
    private TypedCommand typed() {
        TypedCommand command = TypedCommand.init(environment.command(), name == null ? EXAMPLE : name);
        return answerOptions
                .addTo(command)
                .withValue("--dir", dir.isEmpty() ? null : dir)
                .withFlag("--force", force)
                .withFlag("--dry-run", dryRun)
                .withFlag("--json", json)
                .withFlag("-y", yes)
                .withFlag("--run", run)
                .withValue("--port", port)
                .withFlag("--debug", isDebugged());
    }

    /** The command that makes the same project, without what is a default and what only concerns this output. */
    private TypedCommand withAnswers(Answers answers) {
        return answerOptions
                .add(answers, typed())
                .without("--dry-run")
                .without("--json")
                .without("--debug");
    }

    /** The same, with the package even if it follows from the name. */
    private TypedCommand samePackage(Answers answers) {
        return withAnswers(answers)
                .without("--force")
                .with("--package", answers.javaPackage().value());
    }

    private boolean isDebugged() {
        return spec != null
                && (spec.commandLine().getParseResult().hasMatchedOption("--debug")
                        || spec.root().commandLine().getParseResult().hasMatchedOption("--debug"));
    }

    private static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileSystemException known && known.getReason() != null) {
            return known.getReason();
        }
        return String.valueOf(failure.getMessage());
    }
}
