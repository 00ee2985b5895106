package dev.forge.cli.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The Maven wrapper of a project, made by the Maven of this machine. */
public final class MavenWrapper {
    /** What a person types to make it. */
    public static final String COMMAND = "mvn wrapper:wrapper";

    /** The files that it may have; which of them it has depends on its version. */
    public static final SortedSet<String> PATHS = Collections.unmodifiableSortedSet(new TreeSet<>(
            List.of("mvnw", "mvnw.cmd", ".mvn/wrapper/maven-wrapper.properties", ".mvn/wrapper/maven-wrapper.jar")));

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private MavenWrapper() {}

    /** Whether {@code project} has one. */
    public static boolean isIn(Path project) {
        return Files.exists(project.resolve("mvnw"), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Makes the wrapper. Maven downloads what it does not have. Blocks, for at most five minutes.
     *
     * @return why that failed; empty if it succeeded
     */
    public static Optional<String> make(String searchPath, Path project) {
        Optional<Program> maven = Program.maven(searchPath);
        if (maven.isEmpty()) {
            return Optional.of("mvn is not on the PATH");
        }
        List<String> arguments = List.of("-B", "-q", "-ntp", "-Dstyle.color=never", "wrapper:wrapper");
        try {
            ProgramResult result = maven.get().run(new Program.Call(project, arguments, "", Set.of(), LONGEST));
            if (!result.succeeded()) {
                return Optional.of(COMMAND + " failed: " + result.reason());
            }
            return isIn(project) ? Optional.empty() : Optional.of(COMMAND + " has made no mvnw");
        } catch (IOException e) {
            return Optional.of(COMMAND + " failed: " + e.getMessage());
        }
    }
}
