package dev.forge.benchmarks.picture;

import static dev.forge.benchmarks.picture.Svg.escaped;
import static dev.forge.benchmarks.picture.Svg.format;

import java.util.List;

/**
 * Panels in two columns, as one SVG file.
 *
 * <p>The file has both schemes, light and dark, and shows the one that the reader prefers. It paints its own background, so
 * that it can be read on any page, also where a viewer knows only the light scheme.
 */
record BarChart(String title, String note, List<Panel> panels) {
    private static final int MARGIN = 24;
    private static final int TOP = 80;
    private static final int COLUMNS = 2;
    private static final int WIDTH = MARGIN + COLUMNS * (Panel.WIDTH + MARGIN);

    private static final String STYLE = """
            <style>
            text { font: 12.5px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: #1f2328 }
            .page { fill: #ffffff; stroke: #d1d9e0 }
            .title { font-size: 16px; font-weight: 600 }
            .head { font-size: 13.5px; font-weight: 600 }
            .note, .unit { font-size: 11.5px; fill: #59636e }
            .remark { font-weight: 600; fill: #bc4c00; text-anchor: end }
            .label { text-anchor: end }
            text.forge { font-weight: 700 }
            rect.forge { fill: #e8590c }
            rect.peer { fill: #b6c2cf }
            .line { stroke: #424a53; stroke-width: 1.2; fill: none }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 }
              .page { fill: #0d1117; stroke: #3d444d }
              .note, .unit { fill: #9198a1 }
              .remark { fill: #ff9d5c }
              rect.forge { fill: #f0782f }
              rect.peer { fill: #4a5563 }
              .line { stroke: #d1d9e0 }
            }
            </style>
            """;

    String svg() {
        StringBuilder body = new StringBuilder();
        int y = TOP;
        for (int first = 0; first < panels.size(); first += COLUMNS) {
            int highest = 0;
            for (int column = 0; column < COLUMNS && first + column < panels.size(); column++) {
                Panel panel = panels.get(first + column);
                body.append(panel.svg(MARGIN + column * (Panel.WIDTH + MARGIN), y));
                highest = Math.max(highest, panel.height());
            }
            y += highest + MARGIN;
        }
        return format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %1$d %2$d\""
                                + " role=\"img\">\n<title>%s</title>\n",
                        WIDTH, y, escaped(title))
                + STYLE
                + format(
                        "<rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n",
                        WIDTH - 1, y - 1)
                + format("<text class=\"title\" x=\"%d\" y=\"34\">%s</text>\n", MARGIN, escaped(title))
                + format("<text class=\"note\" x=\"%d\" y=\"53\">%s</text>\n", MARGIN, escaped(note))
                + body
                + "</svg>\n";
    }
}
