package dev.forge.cli.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MavenOutputTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @Test
    void leavesOutMavensStepsAndPassesTheService() throws IOException {
        copy(
                "\u001b[0m\u001b[0m[INFO] Scanning for projects...\n[INFO] \n\n  banner\n\nstarted\n[INFO] said by the service\n");

        assertThat(out).hasToString("  banner\n\nstarted\n[INFO] said by the service\n");
        assertThat(progress.toString(UTF_8)).isEmpty();
    }

    @Test
    void passesErrorsAndWarningsOfMaven() throws IOException {
        copy("[INFO] a\n[ERROR] broken\n[INFO] b\n[WARNING] old\n");

        assertThat(out).hasToString("[ERROR] broken\n[WARNING] old\n");
    }

    @Test
    void countsDownloads() throws IOException {
        copy(IntStream.range(0, 120)
                .mapToObj(i -> "[INFO] Downloading from forge: file:///x/" + i + "\n"
                        + "[INFO] Downloading from central: https://x/" + i + "\n"
                        + "[INFO] Downloaded from central: https://x/" + i + " (2 kB at 3 kB/s)\n")
                .collect(Collectors.joining()));

        assertThat(out).hasToString("");
        assertThat(progress.toString(UTF_8).lines())
                .containsExactly(
                        "Downloading dependencies (first run only)...",
                        "Downloading dependencies: 50 files so far",
                        "Downloading dependencies: 100 files so far");
    }

    @Test
    void passesBytesUnchanged() throws IOException {
        byte[] bytes = {'x', '\n', (byte) 0xff, (byte) 0xc3, (byte) 0xb6, 0, 27, '\r', '\n', 'y'};

        new MavenOutput(new PrintStream(out), new PrintStream(progress)).copy(new ByteArrayInputStream(bytes));

        assertThat(out.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void doesNotHoldBackAnUnfinishedLine() throws Exception {
        PipedOutputStream service = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(service);
        CompletableFuture<Void> seen = new CompletableFuture<>();
        PrintStream watched = new PrintStream(out, true, UTF_8) {
            @Override
            public void flush() {
                super.flush();
                if (MavenOutputTest.this.out.toString(UTF_8).endsWith("name? ")) {
                    seen.complete(null);
                }
            }
        };
        CompletableFuture<Void> copying = CompletableFuture.runAsync(() -> {
            try {
                new MavenOutput(watched, new PrintStream(progress)).copy(in);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        service.write("hello\nname? ".getBytes(UTF_8));
        service.flush();

        seen.get(10, TimeUnit.SECONDS);
        service.close();
        copying.get(10, TimeUnit.SECONDS);
    }

    private void copy(String text) throws IOException {
        new MavenOutput(new PrintStream(out), new PrintStream(progress))
                .copy(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }
}
