package dev.forge.cli.service;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The {@code mvn} that a shell would run. */
final class MavenProgram {
    private static final List<String> NAMES =
            File.separatorChar == '\\' ? List.of("mvn.cmd", "mvn.bat") : List.of("mvn");

    private MavenProgram() {}

    static Optional<Path> on(String searchPath) {
        return Arrays.stream(searchPath.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .flatMap(MavenProgram::in)
                .findFirst();
    }

    private static Stream<Path> in(String directory) {
        try {
            Path path = Path.of(directory);
            return NAMES.stream()
                    .map(path::resolve)
                    .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file));
        } catch (InvalidPathException e) {
            return Stream.empty();
        }
    }
}
