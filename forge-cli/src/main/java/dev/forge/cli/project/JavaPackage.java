package dev.forge.cli.project;

import static java.util.stream.Collectors.joining;

import dev.forge.cli.failure.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/**
 * The name of a Java package, also used as a Maven groupId: ASCII identifiers joined by dots, no keyword, not below
 * {@code java} or {@code javax}, at most 120 characters.
 *
 * @param value the name as it was typed
 */
public record JavaPackage(String value) {
    private static final int LONGEST = 120;
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Set<String> RESERVED_ROOTS = Set.of("java", "javax");
    private static final List<String> COMPONENTS_OF_LIBRARIES = List.of("org.springframework", "dev.forge.redis");

    /** @throws InvalidAnswer with a legal package, if {@code value} is not a legal name */
    public JavaPackage {
        String[] segments = value.split("\\.", -1);
        if (value.length() > LONGEST || !Arrays.stream(segments).allMatch(JavaPackage::isLegalSegment)) {
            throw new InvalidAnswer(
                    "must be Java identifiers (ASCII, no keyword) joined by '.', at most " + LONGEST
                            + " characters long, but was " + Printable.value(value),
                    suggestionFor(segments));
        }
        if (RESERVED_ROOTS.contains(segments[0])) {
            throw new InvalidAnswer(
                    "must not be below java or javax, but was " + Printable.value(value), suggestionFor(segments));
        }
    }

    /** The package named {@code segment} below this one. */
    JavaPackage child(String segment) {
        return new JavaPackage(value + "." + segment);
    }

    /** The package above this one, or this one when there is none. */
    JavaPackage parent() {
        int dot = value.lastIndexOf('.');
        return dot < 0 ? this : new JavaPackage(value.substring(0, dot));
    }

    /** Whether Spring, which looks for components in this package and below it, would find those of libraries. */
    boolean hasComponentsOfLibraries() {
        return COMPONENTS_OF_LIBRARIES.stream()
                .anyMatch(
                        library -> (library + ".").startsWith(value + ".") || (value + ".").startsWith(library + "."));
    }

    String path() {
        return value.replace('.', '/');
    }

    static boolean isLegalSegment(String segment) {
        return SEGMENT.matcher(segment).matches()
                && !SourceVersion.isKeyword(segment, SourceVersion.RELEASE_17)
                && !DeviceNames.contain(segment);
    }

    private static String suggestionFor(String[] segments) {
        String legal = Arrays.stream(segments)
                .map(segment -> segment.replaceAll("[^A-Za-z0-9_]", "").replaceFirst("^[0-9]+", ""))
                .filter(segment -> !segment.isEmpty())
                .map(segment -> isLegalSegment(segment) ? segment : segment + "app")
                .dropWhile(RESERVED_ROOTS::contains)
                .collect(joining("."));
        return legal.isEmpty() || legal.length() > LONGEST ? "com.example.app" : legal;
    }
}
