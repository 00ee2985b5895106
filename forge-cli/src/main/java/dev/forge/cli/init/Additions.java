package dev.forge.cli.init;

import dev.forge.cli.disk.OccupiedException;
import dev.forge.cli.disk.ProjectWriter;
import dev.forge.cli.failure.Failure;
import dev.forge.cli.init.NextSteps.Step;
import dev.forge.cli.program.GitRepository;
import dev.forge.cli.program.GitResult;
import dev.forge.cli.program.MavenWrapper;
import dev.forge.cli.project.RenderedProject;
import dev.forge.cli.project.Renderer;
import dev.forge.cli.terminal.CliEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What other programs have added to a project that is written: the Maven wrapper, and then a Git repository with a first
 * commit of all.
 *
 * @param hasWrapper whether the user wants a wrapper and there is one
 * @param missingWrapper why there is no wrapper, if the user wants one
 */
record Additions(boolean hasWrapper, Optional<String> missingWrapper, GitResult git) {
    private static final String COMMIT = "git add --all && git commit -m 'First commit'";

    /** Nothing: the project is not written. */
    static final Additions NONE = new Additions(false, Optional.empty(), GitResult.OFF);

    /** Adds what the options ask for. Whatever fails, the project stays. */
    static Additions to(
            Path target,
            RenderedProject project,
            ProjectWriter writer,
            AnswerOptions options,
            CliEnvironment environment) {
        SortedSet<String> paths = new TreeSet<>(project.files().keySet());
        Optional<String> missing = Optional.empty();
        if (options.wantsWrapper()) {
            missing = addWrapper(target, writer, environment);
            paths.addAll(MavenWrapper.PATHS);
        }
        String message = "Create " + project.answers().name().value() + " with forge " + Renderer.forgeVersion();
        GitResult git = options.wantsGit()
                ? GitRepository.create(environment.searchPath(), target, paths, message)
                : GitResult.OFF;
        return new Additions(options.wantsWrapper() && missing.isEmpty(), missing, git);
    }

    /** A wrapper that is there stays as it is: its owner may have chosen another Maven. */
    private static Optional<String> addWrapper(Path target, ProjectWriter writer, CliEnvironment environment) {
        if (MavenWrapper.isIn(target)) {
            return Optional.empty();
        }
        environment.err().println("Making the Maven wrapper with " + MavenWrapper.COMMAND + "...");
        Optional<String> failure = MavenWrapper.make(environment.searchPath(), target);
        try {
            writer.adopt(MavenWrapper.PATHS);
            return failure;
        } catch (IOException | OccupiedException e) {
            return failure.or(() -> Optional.of("recording the wrapper failed: " + e.getMessage()));
        }
    }

    /** Fails if the user wants a wrapper and there is none. */
    void requireWrapper(Path target, Path currentDirectory) {
        if (missingWrapper.isPresent()) {
            throw Failure.failed(
                    missingWrapper.get() + "; the project is written, without the Maven wrapper",
                    NextSteps.inProject(MavenWrapper.COMMAND, target, currentDirectory));
        }
    }

    boolean committed() {
        return git.state() == GitResult.State.COMMITTED;
    }

    /** What a person should know. */
    List<String> notes() {
        return git.note().isEmpty() ? List.of() : List.of(git.note());
    }

    /** What a person can type to add what is missing. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        switch (git.state()) {
            case UNCOMMITTED -> steps.add(new Step(COMMIT, "git says what it needs"));
            case FAILED -> steps.add(new Step("git init && " + COMMIT, "git says what it needs"));
            case OFF, COMMITTED, EXISTING, NO_GIT -> {
                // There is nothing to type.
            }
        }
        return List.copyOf(steps);
    }
}
