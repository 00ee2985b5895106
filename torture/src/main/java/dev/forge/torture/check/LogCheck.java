package dev.forge.torture.check;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The log stays short, has no errors, and shows no secret. */
public final class LogCheck {

    static final String VOLUME = "the log stays short";

    private static final int TIME_LENGTH = "2026-01-01T00:00:0".length();
    private static final int MOST_IN_TEN_SECONDS = 300;

    private final Violations violations;
    private final Secrets secrets;

    public LogCheck(Violations violations, Secrets secrets) {
        this.violations = violations;
        this.secrets = secrets;
    }

    /** Checks {@code lines}, which begin with their time; returns the most lines within ten seconds. */
    public int check(List<String> lines) {
        Map<String, Integer> perTenSeconds = new TreeMap<>();
        for (String line : lines) {
            secrets.look("the log", line);
            if (line.contains(" ERROR ")) {
                violations.add(VOLUME, "an error was logged: " + line);
            }
            if (line.length() > TIME_LENGTH) {
                perTenSeconds.merge(line.substring(0, TIME_LENGTH), 1, Integer::sum);
            }
        }
        int most = 0;
        for (Map.Entry<String, Integer> each : perTenSeconds.entrySet()) {
            most = Math.max(most, each.getValue());
            if (each.getValue() > MOST_IN_TEN_SECONDS) {
                violations.add(VOLUME, each.getValue() + " lines in the ten seconds from " + each.getKey() + "0");
            }
        }
        return most;
    }
}
