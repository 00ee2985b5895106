package dev.forge.cli.project;

import dev.forge.cli.failure.Printable;
import java.util.List;

/**
 * The version of Java that a project is built for: one with long-term support.
 *
 * @param number 17, 21 or 25
 */
public record JavaVersion(int number) {
    private static final List<Integer> SUPPORTED = List.of(17, 21, 25);

    /** The oldest that the library and Spring Boot support, and that of the template. */
    static final JavaVersion OLDEST = new JavaVersion(17);

    private static final JavaVersion WITH_VIRTUAL_THREADS = new JavaVersion(21);

    /** @throws InvalidAnswer if {@code number} is not a supported version */
    public JavaVersion {
        if (!SUPPORTED.contains(number)) {
            throw invalid(Integer.toString(number));
        }
    }

    /**
     * The version that {@code text} names.
     *
     * @throws InvalidAnswer if it is not a supported version
     */
    public static JavaVersion of(String text) {
        return SUPPORTED.stream()
                .filter(version -> text.equals(version.toString()))
                .findFirst()
                .map(JavaVersion::new)
                .orElseThrow(() -> invalid(text));
    }

    /** The default on a JDK of version {@code feature}: 21, or 17 on an older one, which could not build that. */
    public static JavaVersion usualOn(int feature) {
        return feature >= WITH_VIRTUAL_THREADS.number ? WITH_VIRTUAL_THREADS : OLDEST;
    }

    private static InvalidAnswer invalid(String text) {
        return new InvalidAnswer("must be 17, 21 or 25, but was " + Printable.value(text), "21");
    }
}
