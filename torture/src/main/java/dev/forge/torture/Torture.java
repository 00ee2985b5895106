package dev.forge.torture;

import dev.forge.torture.check.LogCheck;
import dev.forge.torture.check.Secrets;
import dev.forge.torture.check.Violations;
import dev.forge.torture.fault.ClusterStage;
import dev.forge.torture.fault.FaultKind.Scene;
import dev.forge.torture.fault.ProcessStage;
import dev.forge.torture.fault.SentinelStage;
import dev.forge.torture.fault.ServerClock;
import dev.forge.torture.fault.SingleStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command of the torture test. */
@Command(
        name = "torture/run",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Puts load on Forge, breaks its Redis in every way, and checks whether Forge keeps its promises.",
            "",
            "Takes about eight minutes, or more than an hour with --long; ends with 1 if a promise was broken. The report is in"
                    + " torture/target.",
            ""
        })
final class Torture implements Callable<Integer> {

    private static final int LONG = 10;
    private static final int PATTERN_KEYS = 5_000;

    @Option(names = "--seed", paramLabel = "N", description = "Makes the same faults again.")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--long", description = "Ten times as many faults.")
    private boolean isLong;

    @Option(
            names = "--faults",
            paramLabel = "N",
            description = "Number of faults in the largest phase; the others have a proportion.")
    private int faults = 168;

    @Option(names = "--load", paramLabel = "PERCENT", description = "The share of the usual load, for busy machines.")
    private int load = 100;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PHASE",
            description = "Phases to run, of: single, damage, process, cluster, sentinel.")
    private Set<String> only = Set.of("single", "damage", "process", "cluster", "sentinel");

    @Option(
            names = "--server",
            paramLabel = "PATH",
            description = "The redis-server or valkey-server to torture; from Redis 7 on a cluster has host names.")
    private Optional<Path> server = Optional.empty();

    @Option(names = "--output", paramLabel = "DIR", description = "Where to write the report.")
    private Path output = Path.of("torture/target");

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks whether it is given
    private boolean help;

    private Torture() {}

    /** Runs the command and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Torture()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Report report = run(seed.orElseGet(() -> System.nanoTime() & 0xFFFFFF));
        Files.createDirectories(output);
        Files.writeString(output.resolve("torture-report.json"), report.json());
        Files.writeString(output.resolve("torture-report.md"), report.text());
        System.out.println(report.text());
        return report.violations().count() == 0 ? 0 : 1;
    }

    private Report run(long chosen) throws IOException, InterruptedException {
        System.err.println("Seed " + chosen + ": torture/run --seed " + chosen + " makes the same faults again");
        server.ifPresent(path -> System.setProperty("forge.redis.test.server", path.toString()));
        Violations violations = new Violations();
        Secrets secrets = new Secrets(violations);
        Random random = new Random(chosen);
        String first = secrets.add("S3CR3T-" + Long.toHexString(random.nextLong()));
        String second = secrets.add("S3CR3T-" + Long.toHexString(random.nextLong()));
        String filling = secrets.add("V4LUE-" + Long.toHexString(random.nextLong()));
        List<PhaseResult> results = new ArrayList<>();
        for (Phase phase : phases(first, second, violations)) {
            System.err.println(phase.name() + ": " + phase.faults() + " faults");
            PhaseResult result = new PhaseRun(
                            phase,
                            chosen,
                            load / 100.0,
                            isLong ? LONG * PATTERN_KEYS : PATTERN_KEYS,
                            violations,
                            secrets,
                            filling)
                    .run();
            results.add(result);
            System.err.println("  " + result.seconds() + " s, " + violations.count() + " violations so far");
        }
        violations.during("all of it");
        List<String> log = log();
        int most = new LogCheck(violations, secrets).check(log);
        return new Report(chosen, results, log.size(), most, violations);
    }

    private List<Phase> phases(String firstPassword, String secondPassword, Violations violations) {
        int many = faults * (isLong ? LONG : 1);
        if (only.contains("cluster") && !ClusterStage.hasNames()) {
            violations.skipped("host names of a cluster: servers before Redis 7 announce none");
        }
        StringBuilder why = new StringBuilder();
        Set<Scene> scenes = EnumSet.of(Scene.PROXY, Scene.SERVER);
        @Nullable
        ServerClock clock = only.contains("single") ? ServerClock.build(why).orElse(null) : null;
        if (clock != null) {
            scenes.add(Scene.CLOCK);
        } else if (only.contains("single")) {
            violations.skipped("jumps of the server's clock: " + why);
        }
        List<Phase> all = List.of(
                new Phase("single", scenes, many, () -> new SingleStage(firstPassword, secondPassword, clock)),
                new Phase(
                        "damage",
                        EnumSet.of(Scene.DAMAGE),
                        Math.max(1, many / 10),
                        () -> new SingleStage(firstPassword, secondPassword, null)),
                new Phase("process", EnumSet.of(Scene.PROCESS), Math.max(1, many / 7), ProcessStage::new),
                new Phase("cluster", EnumSet.of(Scene.CLUSTER), Math.max(1, many / 4), ClusterStage::new),
                new Phase("sentinel", EnumSet.of(Scene.SENTINEL), Math.max(1, many / 12), SentinelStage::new));
        return all.stream().filter(phase -> only.contains(phase.name())).toList();
    }

    private static List<String> log() throws IOException {
        String file = System.getProperty("org.slf4j.simpleLogger.logFile", "");
        return file.isEmpty() || !Files.exists(Path.of(file)) ? List.of() : Files.readAllLines(Path.of(file));
    }
}
