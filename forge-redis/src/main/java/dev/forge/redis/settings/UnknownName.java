package dev.forge.redis.settings;

import java.util.Optional;
import java.util.regex.Pattern;

/** Warns of a variable that looks like a setting but is not one. */
final class UnknownName {

    private static final Pattern ADDRESS = Pattern.compile("URL|URI|HOST|DSN|ADDR");

    // The variables that Kubernetes and Docker links set for a service named "redis".
    private static final Pattern INJECTED = Pattern.compile("REDIS_(SERVICE_.*|PORT|PORT_.*|NAME|ENV_.*)");

    private UnknownName() {}

    /** Returns a warning, or nothing if {@code name} is one that a platform sets. */
    static Optional<String> warning(String name) {
        return INJECTED.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(name + " is not a setting of Forge and is ignored; did you mean " + nearest(name) + "?");
    }

    private static String nearest(String name) {
        if (ADDRESS.matcher(name).find()) {
            return SettingsReader.URL;
        }
        String best = SettingsReader.URL;
        int least = Integer.MAX_VALUE;
        for (String candidate : SettingsReader.NAMES) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Returns the number of characters to add, drop or replace between two names (Levenshtein 1966). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
