package dev.forge.cli.project;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text file of the template with its markers: {@code forge:file} on the first line for the whole file,
 * {@code forge:begin} and {@code forge:end} around a region.
 *
 * <p>Leaving out a feature only deletes text. The template with all features is therefore a project that can be
 * opened, built and tested as it is.
 */
final class MarkedText {
    private final String path;
    private final String text;

    MarkedText(String path, String text) {
        this.path = path;
        this.text = text;
    }

    /**
     * The text for a project with {@code chosen} features, without any marker; empty if the file is left out.
     *
     * @throws TemplateFault if a marker is unknown, nested, not closed or misspelt, whatever the features
     */
    Optional<String> keep(Set<Feature> chosen) {
        StringBuilder kept = new StringBuilder(text.length());
        boolean included = true;
        @Nullable Marker open = null;
        int openedOn = 0;
        int number = 0;
        int position = 0;
        while (position < text.length()) {
            int next = text.indexOf('\n', position) + 1;
            String line = text.substring(position, next == 0 ? text.length() : next);
            position += line.length();
            number++;

            Marker marker = Marker.on(line, path, number).orElse(null);
            if (marker == null) {
                if (open == null || open.isSatisfiedBy(chosen)) {
                    kept.append(line);
                }
                continue;
            }
            switch (marker.kind()) {
                case FILE -> {
                    require(number == 1, number, "forge:file must be on the first line");
                    included = marker.isSatisfiedBy(chosen);
                }
                case BEGIN -> {
                    require(open == null, number, "forge:begin inside the region of line " + openedOn);
                    open = marker;
                    openedOn = number;
                }
                case END -> {
                    require(open != null, number, "forge:end without forge:begin");
                    require(
                            open != null && open.features().equals(marker.features()),
                            number,
                            "forge:end must name the features of line " + openedOn);
                    open = null;
                }
            }
        }
        require(open == null, openedOn, "forge:begin without forge:end");
        return included ? Optional.of(kept.toString()) : Optional.empty();
    }

    private void require(boolean rule, int number, String otherwise) {
        if (!rule) {
            throw new TemplateFault(path, number, otherwise);
        }
    }
}
