package dev.forge.benchmarks.picture;

import java.util.Locale;

/** Text and numbers as they stand in an SVG file. */
final class Svg {
    private static final int MILLION = 1_000_000;

    private Svg() {}

    /** Formats as {@link String#format}, with a decimal point everywhere. */
    static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Returns {@code value} with three significant digits: 8.72, 54.0, 62,200 or 41.8 M. */
    static String number(double value) {
        if (value >= MILLION) {
            return decimals(value / MILLION) + " M";
        }
        return value < 100 ? decimals(value) : format("%,d", rounded(value));
    }

    private static String decimals(double value) {
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return format("%." + decimals + "f", value);
    }

    private static long rounded(double value) {
        long step = 1;
        while (value / step >= 999.5) {
            step *= 10;
        }
        return Math.round(value / step) * step;
    }
}
