package dev.forge.cli;

import dev.forge.cli.json.Json;
import dev.forge.cli.project.Feature;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists what a project may have or do without. */
@Command(name = "features", description = "List what a project can have or do without.")
final class FeaturesCommand implements Callable<Integer> {
    private final CliEnvironment surroundings;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    FeaturesCommand(CliEnvironment surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (json) {
            List<Map<String, String>> features = Arrays.stream(Feature.values())
                    .map(feature -> (Map<String, String>)
                            new TreeMap<>(Map.of("id", feature.id(), "summary", feature.summary())))
                    .toList();
            surroundings.out().print(Json.write(Map.of("features", features)));
            return Forge.done();
        }
        Style style = new Style(surroundings.colour());
        for (Feature feature : Feature.values()) {
            String id = style.strong(String.format("%-8s", feature.id()));
            surroundings.out().println(id + feature.summary() + " (leave out with --no-" + feature.id() + ")");
        }
        return Forge.done();
    }
}
