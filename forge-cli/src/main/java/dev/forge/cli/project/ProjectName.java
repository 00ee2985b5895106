package dev.forge.cli.project;

import static java.util.stream.Collectors.joining;

import dev.forge.cli.failure.Printable;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a project: its directory, its Maven artifact and the prefix of its containers.
 *
 * <p>The rule is strict enough that no place has to escape the name: words of lower-case ASCII
 * letters and digits joined by single {@code -} or {@code _}, starting with a letter, at most 63 characters, and not a
 * device name of Windows.
 *
 * @param value the name as it was typed
 */
public record ProjectName(String value) {
    static final int LONGEST = 63;

    private static final Pattern LEGAL = Pattern.compile("[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*");
    private static final String FALLBACK = "my-service";

    /** @throws InvalidAnswer with a legal name, if {@code value} is not a legal name */
    public ProjectName {
        if (DeviceNames.contain(value)) {
            throw new InvalidAnswer(
                    "must not be a device name of Windows, but was " + Printable.value(value), suggestionFor(value));
        }
        if (value.length() > LONGEST || !LEGAL.matcher(value).matches()) {
            throw new InvalidAnswer(
                    "must be lower-case words joined by single '-' or '_', starting with a letter and at most "
                            + LONGEST + " characters long, but was " + Printable.value(value),
                    suggestionFor(value));
        }
    }

    /** The name for headings: {@code my_project} becomes {@code My Project}. */
    String displayName() {
        return Arrays.stream(value.split("[-_]", -1))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(joining(" "));
    }

    /**
     * The last segment of the package made from this name: {@code my_project} becomes {@code myproject}.
     *
     * <p>A word that Java or Windows reserves gets {@code app} appended.
     */
    String packageSegment() {
        String segment = value.replace("-", "").replace("_", "");
        return JavaPackage.isLegalSegment(segment) ? segment : segment + "app";
    }

    /** A legal name close to {@code value}, which is that itself if it is legal. */
    public static String suggestionFor(String value) {
        String plain = Normalizer.normalize(value, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}|'", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_]+", "-")
                .replaceAll("[-_]*_[-_]*", "_")
                .replaceFirst("^[^a-z]+", "");
        String cut = plain.substring(0, Math.min(plain.length(), LONGEST)).replaceFirst("[-_]+$", "");
        if (DeviceNames.contain(cut)) {
            return cut + "-app";
        }
        return LEGAL.matcher(cut).matches() ? cut : FALLBACK;
    }
}
