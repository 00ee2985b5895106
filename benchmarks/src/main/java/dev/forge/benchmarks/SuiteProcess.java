package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Pace;
import dev.forge.benchmarks.peer.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Starts the JVM of a suite, bound to one CPU or of another version if the suite needs that. */
final class SuiteProcess {
    /** One collector and one heap for all suites and peers; the report names them. */
    static final List<String> JVM_OPTIONS = List.of("-XX:+UseG1GC", "-Xms1g", "-Xmx1g");

    private static final long LONGEST_MINUTES = 30;

    private final Machine machine;
    private final Pace pace;
    private final Set<Library> libraries;
    private final Optional<String> server;

    /** Takes the server, as the test module of Forge does: a path, or {@code bundled}. */
    SuiteProcess(Machine machine, Pace pace, Set<Library> libraries, Optional<String> server) {
        this.machine = machine;
        this.pace = pace;
        this.libraries = Set.copyOf(libraries);
        this.server = server;
    }

    /** Measures {@code suite}; throws {@link NotMeasured} if this machine cannot. */
    SuiteResult run(Suite suite) throws IOException, InterruptedException, NotMeasured {
        List<String> command = new ArrayList<>();
        if (suite.need() == Suite.Need.ONE_CPU) {
            command.addAll(machine.pinning().orElseThrow(() -> new NotMeasured("needs taskset")));
        }
        Jdk jdk = suite.need() == Suite.Need.VIRTUAL_THREADS ? machine.newestJdk() : machine.jdk();
        if (suite.need() == Suite.Need.VIRTUAL_THREADS && jdk.feature() < 21) {
            throw new NotMeasured("needs JDK 21");
        }
        Path file = Files.createTempFile("benchmarks", ".tsv");
        try {
            command.add(jdk.java().toString());
            command.addAll(JVM_OPTIONS);
            server.ifPresent(path -> command.add("-Dforge.redis.test.server=" + path));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), SuiteMain.class.getName()));
            command.addAll(arguments(suite, file));
            await(new ProcessBuilder(command)
                    .inheritIO()
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
            return SuiteResult.read(file);
        } finally {
            Files.delete(file);
        }
    }

    private List<String> arguments(Suite suite, Path file) {
        return List.of(
                suite.name(),
                Integer.toString(pace.rounds()),
                pace.round().toString(),
                pace.warmUp().toString(),
                pace.firstWarmUp().toString(),
                libraries.stream().map(Library::name).collect(Collectors.joining(",")),
                file.toString());
    }

    private static void await(Process process) throws InterruptedException, NotMeasured {
        try {
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                throw new NotMeasured("did not end within " + LONGEST_MINUTES + " minutes");
            }
            if (process.exitValue() == SuiteMain.NO_SERVERS) {
                throw new NotMeasured("its servers do not start here");
            }
            if (process.exitValue() != 0) {
                throw new NotMeasured("failed");
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
