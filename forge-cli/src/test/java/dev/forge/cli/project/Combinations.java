package dev.forge.cli.project;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The projects that can be made from the bundled template: one for each set of features. */
public final class Combinations {
    private static final Renderer RENDERER = Renderer.bundled();

    private Combinations() {}

    /** Every set of features. */
    public static Stream<Set<Feature>> all() {
        List<Set<Feature>> combinations = new ArrayList<>(List.of(Set.of()));
        for (Feature feature : Feature.values()) {
            for (Set<Feature> without : List.copyOf(combinations)) {
                Set<Feature> with = EnumSet.of(feature);
                with.addAll(without);
                combinations.add(with);
            }
        }
        return combinations.stream();
    }

    /** A project whose names have nothing in common with the template's. */
    static RenderedProject render(Set<Feature> features) {
        return render(features, Ci.NONE);
    }

    /** The same with the files of {@code ci}. */
    static RenderedProject render(Set<Feature> features, Ci ci) {
        return RENDERER.render(new Answers(
                new ProjectName("shop_orders"),
                new JavaPackage("org.acme"),
                new JavaPackage("org.acme.shop"),
                new JavaVersion(21),
                features,
                ci));
    }

    /** The same with a library of a few bytes, for tests that write many projects. */
    public static RenderedProject renderSmall(Set<Feature> features) {
        return renderSmall(features, Ci.NONE);
    }

    /** The same with the files of {@code ci}. */
    public static RenderedProject renderSmall(Set<Feature> features, Ci ci) {
        return renderSmall(features, ci, "shop", "0.1.0");
    }

    /** The same in another package, and by another version of Forge. */
    public static RenderedProject renderSmall(Set<Feature> features, String segment, String version) {
        return renderSmall(features, Ci.NONE, segment, version);
    }

    private static RenderedProject renderSmall(Set<Feature> features, Ci ci, String segment, String version) {
        SortedMap<String, byte[]> library = new TreeMap<>();
        for (String artefact : List.of("pom.xml", "forge-redis/pom.xml", "forge-redis/library.jar")) {
            library.put(artefact, (artefact + " of " + version).getBytes(UTF_8));
        }
        Renderer renderer = new Renderer(version, Template.bundled(), new Library(version, library));
        return renderer.render(new Answers(
                new ProjectName("shop_orders"),
                new JavaPackage("org.acme"),
                new JavaPackage("org.acme." + segment),
                new JavaVersion(21),
                features,
                ci));
    }

    static String text(Set<Feature> features, String path) {
        return requireNonNull(texts(features).get(path), path);
    }

    /** The text files of a project; those in {@code .forge} belong to Forge and are left out. */
    static SortedMap<String, String> texts(Set<Feature> features) {
        return texts(render(features));
    }

    static SortedMap<String, String> texts(RenderedProject project) {
        return project.files().entrySet().stream()
                .filter(file -> !file.getKey().startsWith(".forge/"))
                .filter(file -> Template.asText(file.getValue()).isPresent())
                .collect(toMap(
                        file -> file.getKey(), file -> new String(file.getValue(), UTF_8), (a, b) -> a, TreeMap::new));
    }
}
