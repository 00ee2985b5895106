package dev.forge.cli.project;

import dev.forge.cli.failure.Printable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the user decides about a project.
 *
 * @param name the project's name
 * @param group the Maven groupId
 * @param javaPackage the package of the generated classes
 * @param javaVersion the version of Java that it is built for
 * @param features the features that are on
 * @param ci the service that builds it after each push
 */
public record Answers(
        ProjectName name,
        JavaPackage group,
        JavaPackage javaPackage,
        JavaVersion javaVersion,
        Set<Feature> features,
        Ci ci) {
    private static final JavaPackage DEFAULT_GROUP = new JavaPackage("com.example");

    /**
     * Copies {@code features}.
     *
     * @throws InvalidAnswer if Spring would find components of libraries in the package
     */
    public Answers {
        requireOwn(javaPackage, name);
        features = Set.copyOf(features);
    }

    /**
     * Returns {@code javaPackage} for the classes of the project called {@code name}.
     *
     * @throws InvalidAnswer with another package, if Spring would find components of libraries in this one
     */
    public static JavaPackage requireOwn(JavaPackage javaPackage, ProjectName name) {
        if (javaPackage.hasComponentsOfLibraries()) {
            JavaPackage below = javaPackage.child(name.packageSegment());
            throw new InvalidAnswer(
                    "must not have classes of Spring or Forge in it or below it, but was "
                            + Printable.value(javaPackage.value()),
                    (below.hasComponentsOfLibraries() ? DEFAULT_GROUP.child(name.packageSegment()) : below).value());
        }
        return javaPackage;
    }

    /**
     * The given answers, with defaults for the others.
     *
     * <p>The default package is the name without its separators, below the group. The default group is the parent of
     * the package, or {@code com.example} if neither is given.
     */
    public static Answers of(
            ProjectName name,
            @Nullable JavaPackage group,
            @Nullable JavaPackage javaPackage,
            JavaVersion javaVersion,
            Set<Feature> features,
            Ci ci) {
        if (javaPackage != null) {
            JavaPackage givenOrAbove = group == null ? javaPackage.parent() : group;
            return new Answers(name, givenOrAbove, javaPackage, javaVersion, features, ci);
        }
        JavaPackage above = group == null ? DEFAULT_GROUP : group;
        return new Answers(name, above, above.child(name.packageSegment()), javaVersion, features, ci);
    }

    /** Whether the project has {@code feature}. */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** The answers by their JSON names, in a fixed order. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name.value());
        map.put("group", group.value());
        map.put("package", javaPackage.value());
        map.put("java", javaVersion.number());
        Arrays.stream(Feature.values()).forEach(feature -> map.put(feature.id(), has(feature)));
        map.put("ci", ci.id());
        return map;
    }
}
