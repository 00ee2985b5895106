package dev.forge.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.cli.Signals;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real signals to a real process that is in the middle of writing. */
class InterruptedWriteTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143", "HUP,129"})
    void leavesNothingOfANewDirectory(String signal, int expected) throws Exception {
        int exit = interruptWriting(signal, Overwrite.NEVER);

        assertThat(exit).isEqualTo(expected);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void leavesADirectoryThatExistsAsItWas() throws Exception {
        Path target = directory.resolve("shop");
        Trees.write(target, Map.of("file0", "mine", "notes.txt", "mine"));

        int exit = interruptWriting("INT", Overwrite.SAME_PATHS);

        assertThat(exit).isEqualTo(130);
        assertThat(Trees.read(directory)).isEqualTo(Map.of("shop/file0", "mine", "shop/notes.txt", "mine"));
        try (Stream<Path> entries = Files.list(target)) {
            assertThat(entries).hasSize(2);
        }
    }

    private int interruptWriting(String signal, Overwrite overwrite) throws Exception {
        Process process = new ProcessBuilder(Signals.deliveredTo(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowWriter.class.getName(),
                        directory.resolve("shop").toString(),
                        overwrite.name())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("half written");
            // Otherwise the test would pass without testing anything.
            try (Stream<Path> paths = Files.walk(directory)) {
                assertThat(paths.filter(path -> path.endsWith("file4"))).hasSize(1);
            }
            Signals.send(signal, process);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    /** Writes five of ten files, prints a line, and then waits. */
    static final class SlowWriter {
        private SlowWriter() {}

        public static void main(String[] arguments) throws Exception {
            new ProjectWriter(Path.of(arguments[0]), new HangingMap(), new TreeSet<>())
                    .write(Overwrite.valueOf(arguments[1]));
        }
    }

    private static final class HangingMap extends TreeMap<String, byte[]> {
        private static final long serialVersionUID = 1L;

        private HangingMap() {
            for (int i = 0; i < 10; i++) {
                put("file" + i, new byte[10]);
            }
        }

        @Override
        public Set<Map.Entry<String, byte[]>> entrySet() {
            SortedMap<String, byte[]> firstHalf = headMap("file5");
            return new AbstractSet<>() {
                @Override
                public Iterator<Map.Entry<String, byte[]>> iterator() {
                    return Stream.concat(firstHalf.entrySet().stream(), Stream.generate(HangingMap::hang))
                            .iterator();
                }

                @Override
                public int size() {
                    return HangingMap.this.size();
                }
            };
        }

        private static Map.Entry<String, byte[]> hang() {
            System.out.println("half written");
            try {
                new CountDownLatch(1).await();
                throw new IllegalStateException("no thread counts down");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
