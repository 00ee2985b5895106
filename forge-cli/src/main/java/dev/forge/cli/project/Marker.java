package dev.forge.cli.project;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole-line comment in the template that ties a file or a region of one to features. */
record Marker(Kind kind, Set<Feature> features) {
    private static final Pattern MARKER =
            Pattern.compile("\\s*(?:(?://|#|--) forge:(\\w+)((?: \\w+)+)|<!-- forge:(\\w+)((?: \\w+)+) -->)\\s*");

    /** Text that looks like a marker. The group of our own Maven artefacts, dev.forge, does not. */
    private static final Pattern MENTION = Pattern.compile(
            "(?<![\\w.-])forge:\\w|\\bforge\\W{1,3}(?:begin|end|file)\\b|:(?:begin|end|file) +(?:redis|worker|docker)\\b",
            Pattern.CASE_INSENSITIVE);

    /** Every line that matches one of the patterns contains one of these. */
    private static final List<String> HINTS = List.of("forge", "Forge", "FORGE", ":begin ", ":end ", ":file ");

    enum Kind {
        FILE,
        BEGIN,
        END
    }

    /** The marker on this line, if there is one. A malformed marker is a fault. */
    static Optional<Marker> on(String line, String path, int number) {
        if (!mayHoldMarker(line)) {
            return Optional.empty();
        }
        Matcher matcher = MARKER.matcher(line);
        if (!matcher.matches()) {
            if (MENTION.matcher(line).find()) {
                throw new TemplateFault(path, number, "not a marker, but looks like one: " + line.strip());
            }
            return Optional.empty();
        }
        boolean xml = matcher.group(3) != null;
        String kind = matcher.group(xml ? 3 : 1);
        String features = matcher.group(xml ? 4 : 2);
        return Optional.of(new Marker(kindOf(kind, path, number), featuresOf(features, path, number)));
    }

    boolean isSatisfiedBy(Set<Feature> chosen) {
        return chosen.containsAll(features);
    }

    /** A fast check that rules out nearly every line: patterns are slow in a process that has just started. */
    private static boolean mayHoldMarker(String line) {
        for (String hint : HINTS) {
            if (line.contains(hint)) {
                return true;
            }
        }
        return false;
    }

    private static Kind kindOf(String word, String path, int number) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
                return kind;
            }
        }
        throw new TemplateFault(path, number, "unknown marker: forge:" + word);
    }

    private static Set<Feature> featuresOf(String words, String path, int number) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (String word : words.strip().split(" ", -1)) {
            Feature feature = Feature.byId(word)
                    .orElseThrow(() -> new TemplateFault(path, number, "unknown feature in a marker: " + word));
            if (!features.add(feature)) {
                throw new TemplateFault(path, number, "feature named twice in a marker: " + word);
            }
        }
        return features;
    }
}
