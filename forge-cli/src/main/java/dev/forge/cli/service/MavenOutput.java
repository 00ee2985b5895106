package dev.forge.cli.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.regex.Pattern;

/**
 * Filters what Maven and the service print: leaves out Maven's own steps, counts its downloads, and passes everything
 * else on byte for byte.
 */
final class MavenOutput {
    private static final int FILES_PER_LINE = 50;
    /** Maven may begin by resetting the terminal, even in batch mode. */
    private static final Pattern ANSI = Pattern.compile("\u001b\\[[0-9;]*m");

    private static final String DOWNLOADED = "[INFO] Downloaded from ";

    private final PrintStream out;
    private final PrintStream progress;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean serviceStarted;
    private int downloads;
    private volatile boolean stopping;

    /**
     * @param out takes what the service prints
     * @param progress takes Maven's progress until then
     */
    MavenOutput(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /** Copies until the end of {@code in}. */
    void copy(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            for (int i = 0; i < count; i++) {
                line.write(buffer[i]);
                if (buffer[i] == '\n') {
                    endLine();
                }
            }
            if (serviceStarted && in.available() == 0) {
                pass();
            }
            out.flush();
        }
        endLine();
        out.flush();
    }

    /** From now on, leaves out all of Maven's lines. May be called by any thread. */
    void stopping() {
        stopping = true;
    }

    private void endLine() throws IOException {
        // Any superset of ASCII will do, because only Maven's own text is looked for.
        String text = ANSI.matcher(line.toString(ISO_8859_1)).replaceAll("");
        if (stopping && text.startsWith("[")) {
            // Maven reports an interrupted build as a failure.
            line.reset();
            return;
        }
        if (!serviceStarted && isMavens(text)) {
            line.reset();
            return;
        }
        serviceStarted |= !text.startsWith("[");
        pass();
    }

    private boolean isMavens(String text) {
        if (text.startsWith(DOWNLOADED)) {
            downloads++;
            if (downloads == 1) {
                progress.println("Downloading dependencies (first run only)...");
            } else if (downloads % FILES_PER_LINE == 0) {
                progress.println("Downloading dependencies: " + downloads + " files so far");
            }
        }
        return text.startsWith("[INFO]") || text.isBlank();
    }

    private void pass() throws IOException {
        line.writeTo(out);
        line.reset();
    }
}
