package dev.forge.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a test class in its own JVM, and returns what it printed and logged. */
public final class TestJvm {

    private TestJvm() {}

    /** Returns the output once the JVM has ended; fails unless it ended successfully. */
    public static String run(Class<?> main, Path folder, long seconds, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        // The test runner may hide the class path in the manifest of a jar.
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        try {
            Files.createDirectories(folder);
            Path output = folder.resolve(main.getSimpleName() + ".txt");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
                String text = Files.readString(output);
                if (!ended || process.exitValue() != 0) {
                    throw new IllegalStateException(
                            main.getSimpleName() + (ended ? " failed:\n" : " does not end:\n") + tail(text));
                }
                return text;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 4_000));
    }
}
