package dev.forge.cli.init;

import dev.forge.cli.failure.Failure;
import dev.forge.cli.failure.Printable;
import dev.forge.cli.project.InvalidAnswer;
import dev.forge.cli.project.ProjectName;
import dev.forge.cli.terminal.CliEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Where a project is created: in a directory below {@code parent}, or, for {@code .}, in {@code parent} itself. */
record Place(Path parent, boolean here) {
    private static final int LONGEST_STEM = 58;

    /**
     * The place in {@code dir}, relative to the current directory; empty for that directory itself.
     *
     * @param typed what was typed, for a suggestion
     */
    static Place of(CliEnvironment environment, String dir, boolean here, TypedCommand typed) {
        try {
            Path directory = environment.directory().resolve(dir).normalize();
            if (Files.isDirectory(directory)) {
                return new Place(directory.toRealPath(), here);
            }
        } catch (InvalidPathException e) {
            throw unknownToTheLocale();
        } catch (IOException e) {
            throw Failure.failed(
                    "reading the directory failed: " + e.getMessage(), "ls -ld " + Printable.shell(dir), e);
        }
        if (dir.isEmpty()) {
            // The directory exists, but Java reads its name as question marks.
            throw unknownToTheLocale();
        }
        String rule = "--dir must be an existing directory, but was " + Printable.value(dir);
        if (Files.exists(environment.directory().resolve(dir))) {
            throw Failure.usage(rule, typed.without("--dir").text());
        }
        throw Failure.usage(rule, "mkdir -p " + Printable.shell(dir) + " && " + typed.text());
    }

    private static Failure unknownToTheLocale() {
        return Failure.usage(
                "the name of the directory cannot be read in this locale",
                "export LC_ALL=C.UTF-8 # and then the same command again");
    }

    /** The directory's own name as the name of the project. */
    ProjectName ownName(TypedCommand typed) {
        Path name = parent.getFileName();
        try {
            return new ProjectName(name == null ? "" : name.toString());
        } catch (InvalidAnswer e) {
            throw Failure.usage(
                    "the directory cannot name the project: " + e.about("NAME"),
                    above(typed).named(e.suggestion()).text());
        }
    }

    /** {@code typed} with a legal name; a directory before the name goes to {@code --dir}. */
    static TypedCommand legal(TypedCommand typed) {
        String name = typed.name();
        int slash = Math.max(name.lastIndexOf('/'), name.lastIndexOf(File.separatorChar));
        if (slash <= 0 || slash == name.length() - 1) {
            return typed.named(ProjectName.suggestionFor(name));
        }
        String parent = name.substring(0, slash);
        String dir = typed.options().get("--dir");
        return typed.named(ProjectName.suggestionFor(name.substring(slash + 1)))
                .with(
                        "--dir",
                        dir == null ? parent : Path.of(dir).resolve(parent).toString());
    }

    /** {@code typed} with a name like {@code name} that is free beside {@code target}. The package stays the same. */
    static TypedCommand beside(Path target, ProjectName name, TypedCommand typed) {
        String taken = name.value();
        String stem = taken.substring(0, Math.min(taken.length(), LONGEST_STEM)).replaceFirst("[-_]+$", "");
        int number = 2;
        while (Files.exists(target.resolveSibling(stem + "-" + number), LinkOption.NOFOLLOW_LINKS)) {
            number++;
        }
        TypedCommand inParent = typed.name().equals(".") ? above(typed) : typed;
        return inParent.named(stem + "-" + number);
    }

    /** {@code typed}, which has {@code .} for its name, in the directory above. */
    private static TypedCommand above(TypedCommand typed) {
        String dir = typed.options().get("--dir");
        return typed.with("--dir", dir == null ? ".." : dir + "/..");
    }

    Path target(ProjectName name) {
        return here ? parent : parent.resolve(name.value());
    }
}
