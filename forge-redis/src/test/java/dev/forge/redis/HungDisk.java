package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A file on a disk that hangs: opening it blocks until this is closed. It is a FIFO without a writer. */
public final class HungDisk implements AutoCloseable {

    private final Path file;

    public HungDisk(Path folder) throws IOException, InterruptedException {
        this.file = folder.resolve("hung-" + System.nanoTime() + ".pem");
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
    }

    public Path file() {
        return file;
    }

    /** Lets everyone who waits find an empty file. */
    @Override
    public void close() throws IOException {
        // Opened for both, because to open it for writing alone would wait for a reader.
        new RandomAccessFile(file.toFile(), "rw").close();
    }
}
