package dev.forge.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Signals for child processes. */
public final class Signals {
    private static final List<String> AS_USUAL = List.of("env", "--default-signal=INT,TERM,HUP");

    private Signals() {}

    /**
     * {@code command} in a process that signals end, as on a terminal. A background build may ignore signals, and
     * its children inherit that. Where {@code env} cannot reset it, the command is unchanged.
     */
    public static List<String> deliveredTo(List<String> command) throws IOException, InterruptedException {
        List<String> probe = new ArrayList<>(AS_USUAL);
        probe.add("true");
        boolean supported = new ProcessBuilder(probe)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
        List<String> wrapped = new ArrayList<>(supported ? AS_USUAL : List.of());
        wrapped.addAll(command);
        return wrapped;
    }

    /** Sends the signal {@code name} to {@code process}. */
    public static void send(String name, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }
}
