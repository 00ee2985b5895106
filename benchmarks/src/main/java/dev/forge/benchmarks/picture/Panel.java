package dev.forge.benchmarks.picture;

import static dev.forge.benchmarks.picture.Svg.escaped;
import static dev.forge.benchmarks.picture.Svg.format;

import dev.forge.benchmarks.measure.Spread;
import java.util.List;

/**
 * The bars of one workload, on a scale of their own that begins at 0.
 *
 * @param unit what the bars count, and which end is better
 * @param remark a comparison, in the colour of Forge
 */
record Panel(String title, String unit, String remark, List<Bar> bars) {
    static final int WIDTH = 404;

    private static final int HEAD = 48;
    private static final int ROW = 22;
    private static final int THICKNESS = 14;
    private static final int AXIS = 112;
    private static final int LONGEST = 212;
    private static final double CAP = 3.5;

    // A single slow round does not make the bars of all others short: its line is cut off, and has no cap.
    private static final double LONGEST_LINE = 1.5;

    int height() {
        return HEAD + ROW * bars.size();
    }

    /** Returns the elements, with the upper left corner at {@code x} and {@code y}. */
    String svg(int x, int y) {
        StringBuilder svg = new StringBuilder(format("<g transform=\"translate(%d,%d)\">\n", x, y))
                .append(format("<text class=\"head\" x=\"0\" y=\"13\">%s</text>\n", escaped(title)))
                .append(format("<text class=\"remark\" x=\"%d\" y=\"13\">%s</text>\n", WIDTH, escaped(remark)))
                .append(format("<text class=\"unit\" x=\"0\" y=\"31\">%s</text>\n", escaped(unit)));
        double scale = scale();
        for (int row = 0; row < bars.size(); row++) {
            append(svg, bars.get(row), scale, HEAD + row * ROW);
        }
        return svg.append("</g>\n").toString();
    }

    private double scale() {
        double median =
                bars.stream().mapToDouble(bar -> bar.value().median()).max().orElse(1);
        double max = bars.stream().mapToDouble(bar -> bar.value().max()).max().orElse(1);
        return Math.min(max, LONGEST_LINE * median);
    }

    private static void append(StringBuilder svg, Bar bar, double scale, int top) {
        Spread value = bar.value();
        String kind = bar.highlighted() ? "forge" : "peer";
        double middle = top + THICKNESS / 2.0;
        double text = middle + 4;
        double min = AXIS + length(value.min(), scale);
        double max = AXIS + length(value.max(), scale);
        svg.append(format(
                "<text class=\"label %s\" x=\"%d\" y=\"%.1f\">%s</text>\n",
                kind, AXIS - 8, text, escaped(bar.label())));
        svg.append(format(
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n",
                kind, AXIS, top, Math.max(length(value.median(), scale), 1), THICKNESS));
        svg.append(format("<path class=\"line\" d=\"M%.1f %.1fH%.1f", min, middle, max));
        svg.append(cap(min, middle));
        if (value.max() <= scale) {
            svg.append(cap(max, middle));
        }
        svg.append("\"/>\n");
        svg.append(format(
                "<text class=\"value %s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                kind, max + 7, text, Svg.number(value.median())));
    }

    private static String cap(double x, double middle) {
        return format("M%.1f %.1fV%.1f", x, middle - CAP, middle + CAP);
    }

    private static double length(double value, double scale) {
        return LONGEST * Math.min(value, scale) / scale;
    }
}
