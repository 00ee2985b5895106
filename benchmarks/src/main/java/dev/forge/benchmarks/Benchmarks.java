package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Pace;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.picture.Picture;
import dev.forge.benchmarks.picture.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command of the benchmarks. */
@Command(
        name = "benchmarks/run",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Compares Forge with Lettuce, Jedis, Redisson, Spring, JetCache, Bucket4j and Caffeine, and reports how"
                    + " far it is from its targets.",
            "",
            "The peers take turns on a real Redis that is started for each suite; compare ratios, not absolute numbers."
                    + " A full run takes about 40 minutes. It keeps all numbers in benchmarks/results, and writes"
                    + " the tables and pictures from them; a partial or quick run does so in"
                    + " benchmarks/target/results.",
            ""
        })
final class Benchmarks implements Callable<Integer> {
    private static final String ALL = "benchmarks/results";
    private static final String PART = "benchmarks/target/results";
    private static final String TABLES = "tables.md";

    @Option(names = "--quick", description = "A short run of six or seven minutes: few and short rounds.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "SUITE",
            converter = SuiteNames.class,
            completionCandidates = SuiteNames.class,
            description = "Only these suites, of: ${COMPLETION-CANDIDATES}.")
    private List<Suite> suites = Suites.all();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            description = "Only these peers besides lettuce and forge, of: ${COMPLETION-CANDIDATES}.")
    private Set<Library> peers = EnumSet.allOf(Library.class);

    @Option(names = "--rounds", paramLabel = "N", description = "Number of rounds for each peer.")
    private Optional<Integer> rounds = Optional.empty();

    @Option(
            names = "--jdk",
            paramLabel = "DIR",
            converter = JdkHome.class,
            description =
                    "The JDK for virtual threads, 21 or later (default: the newest in /usr/lib/jvm). All else runs on"
                            + " the JDK that runs this command.")
    private Optional<Jdk> jdk = Optional.empty();

    @Option(names = "--server", paramLabel = "FILE", description = "The redis-server to start, or: bundled.")
    private Optional<String> server = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Folder for numbers, tables and pictures, relative to the root of the repository.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--draw",
            description = "Measures nothing: writes the tables and pictures again, from the numbers in the folder.")
    private boolean draw;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks whether it is given
    private boolean help;

    private Benchmarks() {}

    /** Runs the command and ends the process. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Benchmarks()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean isPart = quick || !suites.containsAll(Suites.all()) || !peers.containsAll(EnumSet.allOf(Library.class));
        Path folder = output.orElse(Path.of(isPart ? PART : ALL));
        if (!draw) {
            measure().write(folder);
        }
        write(Run.read(folder), folder);
        return 0;
    }

    private Run measure() throws InterruptedException, IOException {
        Pace usual = quick ? Pace.QUICK : Pace.FULL;
        Pace pace = rounds.map(usual::withRounds).orElse(usual);
        Set<Library> libraries = EnumSet.of(Library.LETTUCE, Library.FORGE);
        libraries.addAll(peers);
        Machine machine = Machine.current(jdk.orElseGet(Jdk::newest));
        SuiteProcess process = new SuiteProcess(machine, pace, libraries, server);
        Map<Suite, SuiteResult> results = new LinkedHashMap<>();
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Suite suite : suites) {
            System.err.println(suite.name() + ": " + suite.title());
            try {
                results.put(suite, process.run(suite));
            } catch (NotMeasured e) {
                System.err.println("  " + e.getMessage());
                reasons.put(suite.name(), String.valueOf(e.getMessage()));
            }
        }
        Map<String, String> facts = Facts.of(machine, pace, results.values());
        facts.putAll(reasons);
        return new Run(facts, results);
    }

    private static void write(Run run, Path folder) throws IOException {
        Report report = new Report(run);
        Files.writeString(folder.resolve(TABLES), report.text());
        for (Picture picture : Pictures.all()) {
            Optional<String> svg = picture.svg(run.all());
            if (svg.isPresent()) {
                Files.writeString(folder.resolve(picture.file()), svg.get());
            } else {
                System.err.println(picture.file() + " is not drawn: some of its numbers are missing");
            }
        }
        System.out.println("\n" + report.goals() + "\nNumbers, tables and pictures are in " + folder
                + ". docs/benchmarks.md has to say why a row is below its floor.");
    }

    /** Suites by their names. */
    static final class SuiteNames implements ITypeConverter<Suite>, Iterable<String> {
        @Override
        public Suite convert(String name) {
            try {
                return Suites.named(name);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }

        @Override
        public Iterator<String> iterator() {
            return Suites.names().iterator();
        }
    }

    /** A JDK by its directory. */
    static final class JdkHome implements ITypeConverter<Jdk> {
        @Override
        public Jdk convert(String home) {
            return Jdk.at(Path.of(home))
                    .orElseThrow(
                            () -> new TypeConversionException("it must be the directory of a JDK, but was " + home));
        }
    }
}
