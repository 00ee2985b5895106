package dev.forge.benchmarks;

import static java.util.function.Predicate.not;

import dev.forge.benchmarks.measure.Pace;
import dev.forge.benchmarks.peer.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that measures. */
@Command(
        name = "benchmarks/run",
        sortOptions = false,
        description = {
            "Measures Forge beside Lettuce, Jedis, Redisson and Spring Data Redis, and says how far it is from what it has to reach.",
            "",
            "The peers take turns on a real Redis that is started for each suite; compare ratios, not absolute numbers. All of it"
                    + " takes some twenty minutes and goes into docs/benchmarks.md; a part of it, or a quick look, into"
                    + " benchmarks/target/benchmarks.md.",
            ""
        })
final class Benchmarks implements Callable<Integer> {
    @Option(names = "--quick", description = "A look in some two minutes: few and short rounds.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "SUITE",
            description = "Only these of: G1, G2, G3, G4, fairness, burst, G11.")
    private List<String> only = List.of();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            description = "Only these peers beside LETTUCE and FORGE: ${COMPLETION-CANDIDATES}.")
    private Set<Library> peers = EnumSet.allOf(Library.class);

    @Option(names = "--rounds", paramLabel = "N", description = "How often each peer has its turn.")
    private @Nullable Integer rounds;

    @Option(
            names = "--jdk",
            paramLabel = "DIR",
            description =
                    "The JDK for virtual threads, 21 or later; the newest in /usr/lib/jvm if not given. Everything else runs on"
                            + " the JDK that runs this command.")
    private @Nullable Path jdk;

    @Option(names = "--output", paramLabel = "FILE", description = "Where to write the report.")
    private @Nullable Path output;

    @Option(names = "--help", usageHelp = true, description = "Show this.")
    @SuppressWarnings("UnusedVariable") // picocli looks whether it is given
    private boolean help;

    private Benchmarks() {}

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Benchmarks()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Pace pace = quick ? Pace.QUICK : Pace.FULL;
        if (rounds != null) {
            pace = pace.withRounds(rounds);
        }
        Machine machine = new Machine(Jdk.current(), newestJdk());
        Set<Library> libraries = EnumSet.of(Library.LETTUCE, Library.FORGE);
        libraries.addAll(peers);
        Report report = measure(machine, pace, new SuiteProcess(machine, pace, libraries));
        System.out.println();
        System.out.print(report.goals());
        Path file = file();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, report.text());
        System.out.println("\nThe report is in " + file);
        return 0;
    }

    private Report measure(Machine machine, Pace pace, SuiteProcess process) throws IOException, InterruptedException {
        List<Suite> suites =
                only.isEmpty() ? Suites.all() : only.stream().map(Suites::named).toList();
        Map<Suite, SuiteResult> results = new LinkedHashMap<>();
        Map<Suite, String> reasons = new LinkedHashMap<>();
        Suites.all().stream()
                .filter(not(suites::contains))
                .forEach(suite -> reasons.put(suite, "not measured this time"));
        for (Suite suite : suites) {
            System.out.println(suite.name() + ": " + suite.title());
            try {
                results.put(suite, process.run(suite));
            } catch (NotMeasured e) {
                System.out.println("  " + e.getMessage());
                reasons.put(suite, String.valueOf(e.getMessage()));
            }
        }
        return new Report(machine, pace, results, reasons);
    }

    private Jdk newestJdk() {
        if (jdk == null) {
            return Jdk.newest();
        }
        return Jdk.at(jdk).orElseThrow(() -> new IllegalArgumentException("--jdk must be a JDK, but was " + jdk));
    }

    private Path file() {
        if (output != null) {
            return output;
        }
        return Path.of(quick || !only.isEmpty() ? "benchmarks/target/benchmarks.md" : "docs/benchmarks.md");
    }
}
