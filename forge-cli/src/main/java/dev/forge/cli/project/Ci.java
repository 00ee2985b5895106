package dev.forge.cli.project;

import dev.forge.cli.failure.Printable;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;

/** The service that builds and tests the project after each push. */
public enum Ci {
    /** GitHub Actions. */
    GITHUB("GitHub Actions"),
    /** GitLab CI/CD. */
    GITLAB("GitLab CI/CD"),
    /** None: the project has no file for one. */
    NONE("none");

    private final String label;

    Ci(String label) {
        this.label = label;
    }

    /**
     * The service that {@code id} names.
     *
     * @throws InvalidAnswer if there is no such service
     */
    public static Ci of(String id) {
        return Arrays.stream(values())
                .filter(ci -> ci.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new InvalidAnswer("must be github, gitlab or none, but was " + Printable.value(id), "none"));
    }

    /** The name in options and in JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name for people. */
    public String label() {
        return label;
    }

    /** Its files, by their paths in the project. */
    SortedMap<String, byte[]> files() {
        return BundledFiles.files("ci/" + id());
    }
}
