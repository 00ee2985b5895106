package dev.forge.cli.init;

import dev.forge.cli.failure.Failure;
import dev.forge.cli.failure.Printable;
import dev.forge.cli.project.InvalidAnswer;
import dev.forge.cli.project.ProjectName;
import dev.forge.cli.terminal.CliEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a project is created: in a directory below {@code parent}, or, for {@code .}, in {@code parent} itself. */
record Place(Path parent, boolean here) {
    /** The place in {@code dir}, relative to the current directory; empty for that directory itself. */
    static Place of(CliEnvironment environment, String dir, boolean here) {
        try {
            Path directory = environment.directory().resolve(dir).normalize();
            if (Files.isDirectory(directory)) {
                return new Place(directory.toRealPath(), here);
            }
        } catch (InvalidPathException e) {
            throw unknownToTheLocale(environment);
        } catch (IOException e) {
            throw Failure.failed(
                    "reading the directory failed: " + e.getMessage(), "ls -ld " + Printable.shell(dir), e);
        }
        if (dir.isEmpty()) {
            // The directory exists, but Java reads its name as question marks.
            throw unknownToTheLocale(environment);
        }
        throw Failure.usage(
                "--dir must be an existing directory, but was " + Printable.value(dir),
                "mkdir -p " + Printable.shell(dir));
    }

    private static Failure unknownToTheLocale(CliEnvironment environment) {
        return Failure.usage(
                "the name of the directory cannot be read in this locale",
                "export LC_ALL=C.UTF-8 # and then " + environment.command() + " again");
    }

    /** The directory's own name as the name of the project. */
    ProjectName ownName(String command) {
        Path name = parent.getFileName();
        try {
            return new ProjectName(name == null ? "" : name.toString());
        } catch (InvalidAnswer e) {
            throw Failure.usage(
                    "the directory cannot name the project: " + e.rule(),
                    command + " init " + e.suggestion() + " --dir ..");
        }
    }

    Path target(ProjectName name) {
        return here ? parent : parent.resolve(name.value());
    }
}
