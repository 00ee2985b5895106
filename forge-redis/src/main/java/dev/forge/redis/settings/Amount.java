package dev.forge.redis.settings;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads numbers with their units, as settings have them. */
final class Amount {

    private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)?");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})(kb|mb|gb)?");

    private Amount() {}

    /** Returns the number in {@code text}, or -1 if it is not a number. */
    static int count(String text) {
        return COUNT.matcher(text).matches() ? Integer.parseInt(text) : -1;
    }

    /** Returns the duration in {@code text}, in seconds if it has no unit; zero if it is not a duration. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Duration.ZERO;
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** Returns the size in {@code text}, in bytes if it has no unit; zero if it is not a size. */
    static long bytes(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        return matcher.matches() ? Long.parseLong(matcher.group(1)) * unit(matcher.group(2)) : 0;
    }

    /** Returns how many bytes a unit of size stands for: a power of 1024, as in the settings of Redis. */
    private static long unit(@Nullable String unit) {
        return unit == null
                ? 1
                : switch (unit) {
                    case "kb" -> 1L << 10;
                    case "mb" -> 1L << 20;
                    default -> 1L << 30;
                };
    }
}
