package dev.forge.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system that is full or read-only. Mounting one needs root; without root, these tests are skipped. */
class FullDiskTest {
    @TempDir
    Path directory;

    @AfterEach
    void unmount() throws Exception {
        run("umount", directory.toString());
    }

    @Test
    void leavesNothingOnAFullDisk() throws Exception {
        mount("size=64k");

        assertThatThrownBy(() ->
                        new ProjectWriter(directory.resolve("shop"), large(), new TreeSet<>()).write(Overwrite.NEVER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void leavesADirectoryThatExistsAsItWasOnAFullDisk() throws Exception {
        mount("size=64k");
        Path target = directory.resolve("shop");
        Trees.write(target, Map.of("file0", "mine", "notes.txt", "mine"));

        assertThatThrownBy(() -> new ProjectWriter(target, large(), new TreeSet<>()).write(Overwrite.SAME_PATHS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");

        assertThat(Trees.read(directory)).isEqualTo(Map.of("shop/file0", "mine", "shop/notes.txt", "mine"));
    }

    @Test
    void saysThatAFileSystemIsReadOnly() throws Exception {
        mount("size=64k,ro");

        assertThatThrownBy(() ->
                        new ProjectWriter(directory.resolve("shop"), large(), new TreeSet<>()).write(Overwrite.NEVER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Read-only file system");
    }

    private void mount(String options) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/mount")), "mount is needed");
        assumeTrue(run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString()) == 0, "root is needed");
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static SortedMap<String, byte[]> large() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < 30; i++) {
            files.put("file" + i, new byte[4096]);
        }
        return files;
    }
}
