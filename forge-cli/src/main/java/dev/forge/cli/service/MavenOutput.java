package dev.forge.cli.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.regex.Pattern;

/**
 * What Maven and the service print, without what is of no use to a person: Maven's own steps are left out, its
 * downloads are counted, everything else passes as it is, byte for byte.
 */
final class MavenOutput {
    private static final int FILES_PER_LINE = 50;
    /** Maven may begin with a reset of the terminal, even when it was told that it has none. */
    private static final Pattern ANSI = Pattern.compile("\u001b\\[[0-9;]*m");

    private static final String DOWNLOADED = "[INFO] Downloaded from ";

    private final PrintStream out;
    private final PrintStream progress;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean serviceSpeaks;
    private int downloads;
    private volatile boolean stopping;

    /**
     * @param out takes what the service prints
     * @param progress takes what Maven does until then
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
            if (serviceSpeaks && in.available() == 0) {
                pass();
            }
            out.flush();
        }
        endLine();
        out.flush();
    }

    /** From now on Maven has nothing to say. May be called by any thread. */
    void stopping() {
        stopping = true;
    }

    private void endLine() throws IOException {
        // Any charset that leaves ASCII alone will do: only Maven's own words are looked for.
        String text = ANSI.matcher(line.toString(ISO_8859_1)).replaceAll("");
        if (stopping && text.startsWith("[")) {
            // Maven calls it a failure that its build was interrupted.
            line.reset();
            return;
        }
        if (!serviceSpeaks && isMavens(text)) {
            line.reset();
            return;
        }
        serviceSpeaks |= !text.startsWith("[");
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
