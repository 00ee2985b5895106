package dev.forge.cli;

import dev.forge.cli.failure.Exit;
import dev.forge.cli.json.Json;
import dev.forge.cli.project.Feature;
import dev.forge.cli.terminal.CliEnvironment;
import dev.forge.cli.terminal.Style;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the optional features of a project. */
@Command(name = "features", description = "List the optional features of a project.")
final class FeaturesCommand implements Callable<Integer> {
    private final CliEnvironment environment;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    FeaturesCommand(CliEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (json) {
            List<Map<String, String>> features = Arrays.stream(Feature.values())
                    .map(feature -> (Map<String, String>)
                            new TreeMap<>(Map.of("id", feature.id(), "summary", feature.summary())))
                    .toList();
            environment.out().print(Json.write(Map.of("features", features)));
            return Exit.DONE.code();
        }
        Style style = new Style(environment.colour());
        for (Feature feature : Feature.values()) {
            String id = style.strong(String.format("%-8s", feature.id()));
            environment.out().println(id + feature.summary() + " (leave out with --no-" + feature.id() + ")");
        }
        return Exit.DONE.code();
    }
}
