package dev.forge.cli;

import dev.forge.cli.failure.Failure;
import dev.forge.cli.failure.Printable;
import dev.forge.cli.project.InvalidAnswer;
import dev.forge.cli.project.ProjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a project goes: below a directory under its own name, or, for {@code .}, into that directory itself. */
record Place(Path parent, boolean here) {
    /** The place in {@code dir}, which is taken from the current directory; empty for that directory itself. */
    static Place of(CliEnvironment surroundings, String dir, boolean here) {
        try {
            Path directory = surroundings.directory().resolve(dir).normalize();
            if (Files.isDirectory(directory)) {
                return new Place(directory.toRealPath(), here);
            }
        } catch (InvalidPathException e) {
            throw unknownToTheLocale(surroundings);
        } catch (IOException e) {
            throw Failure.failed("reading the directory failed: " + e.getMessage(), "ls -ld " + Printable.shell(dir), e);
        }
        if (dir.isEmpty()) {
            // It does exist; what Java knows of its name is question marks.
            throw unknownToTheLocale(surroundings);
        }
        throw Failure.usage(
                "--dir must be an existing directory, but was " + Printable.value(dir), "mkdir -p " + Printable.shell(dir));
    }

    private static Failure unknownToTheLocale(CliEnvironment surroundings) {
        return Failure.usage(
                "the name of the directory cannot be read in this locale",
                "export LC_ALL=C.UTF-8 # and then " + surroundings.command() + " again");
    }

    /** The name that the directory itself gives to a project. */
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
