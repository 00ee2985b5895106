package dev.forge.cli.init;

import dev.forge.cli.disk.OccupiedException;
import dev.forge.cli.disk.Overwrite;
import dev.forge.cli.disk.ProjectWriter;
import dev.forge.cli.failure.Exit;
import dev.forge.cli.failure.Failure;
import dev.forge.cli.project.Answers;
import dev.forge.cli.project.InvalidAnswer;
import dev.forge.cli.project.ProjectName;
import dev.forge.cli.project.RenderedProject;
import dev.forge.cli.project.Renderer;
import dev.forge.cli.service.Port;
import dev.forge.cli.terminal.CliEnvironment;
import dev.forge.cli.terminal.Questions;
import dev.forge.cli.terminal.Style;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forge init}: creates a project. */
@Command(
        name = "init",
        sortOptions = false,
        description = "Make a project: a running, tested Spring Boot service.",
        footer = {
            "",
            "On a terminal, init asks for missing answers; with -y or --json, or without a terminal, it uses defaults.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 would overwrite, 130 interrupted"
        })
public final class InitCommand implements Callable<Integer> {
    private static final String HERE = ".";

    private final CliEnvironment environment;

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

    @Option(names = "--force", description = "Write over files of the same paths; nothing is deleted.")
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

    @Option(names = "--port", paramLabel = "PORT", description = "Port of the service, with --run (default: 8000).")
    @Nullable
    Integer port;

    /** The command in this environment. */
    public InitCommand(CliEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Port servicePort = checkedPort();
        Place place = Place.of(environment, dir, HERE.equals(name));
        Optional<Questions> questions = yes || json ? Optional.empty() : environment.questions();
        Answers answers = answers(place, questions);
        Path target = place.target(answers.name());

        long begin = System.nanoTime();
        RenderedProject project = Renderer.bundled().render(answers);
        write(project, target, answers);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);

        report(project, target, elapsed, questions.isPresent());
        return run ? new FirstRun(environment, target, servicePort).start() : Exit.DONE.code();
    }

    private Port checkedPort() {
        if (run && (dryRun || json)) {
            throw Failure.usage(
                    "--run does not go with " + (dryRun ? "--dry-run" : "--json"),
                    environment.command() + " init --help");
        }
        if (port != null && !run) {
            throw Failure.usage(
                    "--port goes with --run only", environment.command() + " init NAME --run --port " + port);
        }
        try {
            return port == null ? Port.DEFAULT : new Port(port);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()), environment.command() + " init NAME --run --port 8001");
        }
    }

    private Answers answers(Place place, Optional<Questions> questions) {
        ProjectName projectName = projectName(place, questions);
        try {
            return questions.isPresent()
                    ? answerOptions.asking(questions.get(), projectName)
                    : answerOptions.withDefaults(projectName);
        } catch (InvalidAnswer e) {
            throw Failure.usage(e.rule(), initCommand(projectName.value()) + " --package " + e.suggestion());
        }
    }

    private ProjectName projectName(Place place, Optional<Questions> questions) {
        if (place.here()) {
            return place.ownName(environment.command());
        }
        if (name == null) {
            return questions
                    .map(terminal -> terminal.ask("Name of the project", "my_project", ProjectName::new))
                    .orElseThrow(() -> Failure.usage("NAME is missing", initCommand("my_project")));
        }
        try {
            return new ProjectName(name);
        } catch (InvalidAnswer e) {
            throw Failure.usage(e.rule(), initCommand(e.suggestion()));
        }
    }

    private void write(RenderedProject project, Path target, Answers answers) {
        ProjectWriter writer = new ProjectWriter(target, project.files());
        Overwrite overwrite = force ? Overwrite.SAME_PATHS : Overwrite.NEVER;
        try {
            if (dryRun) {
                writer.check(overwrite);
            } else {
                writer.write(overwrite);
            }
        } catch (OccupiedException e) {
            throw Failure.wouldOverwrite(
                    e.obstacle(),
                    e.yieldsToForce()
                            ? typed(answers) + " --force # writes over files of the same paths, deletes nothing"
                            : initCommand("another-name"));
        } catch (IOException e) {
            throw Failure.failed(
                    "writing " + target + " failed: " + reason(e) + "; nothing was written",
                    initCommand(answers.name().value()) + " --dir DIR # a directory with room, that you may write to",
                    e);
        }
    }

    private void report(RenderedProject project, Path target, Duration elapsed, boolean asked) {
        var next = NextSteps.of(project.answers(), target, environment.directory());
        Report report = new Report(project, target, next, typed(project.answers()) + " -y");
        if (json) {
            report.printJson(environment.out(), dryRun);
        } else if (dryRun) {
            report.printDryRun(environment.out());
        } else {
            report.printWritten(environment.out(), new Style(environment.colour()), elapsed, asked);
        }
    }

    private String initCommand(String projectName) {
        return environment.command() + " init " + projectName;
    }

    private String typed(Answers answers) {
        return new TypedCommand(environment.command(), HERE.equals(name), dir, answers).text();
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
