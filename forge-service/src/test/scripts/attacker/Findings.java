package attacker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What did not hold: one line for each kind, printed when it is first seen, and a count of all answers. Thread-safe. */
final class Findings {
    private static final int MOST_KINDS = 50;

    private final Map<String, Integer> kinds = new LinkedHashMap<>();
    private final Map<Integer, Integer> answers = new TreeMap<>();

    /** {@code detail} is printed the first time only. */
    synchronized void add(String kind, String detail) {
        int times = kinds.merge(kind, 1, Integer::sum);
        if (times == 1 && kinds.size() <= MOST_KINDS) {
            System.out.println("FOUND " + kind + ": " + detail.replaceAll("[^\\x20-\\x7e]", "."));
        }
    }

    /**
     * Counts an answer; a 5xx other than 503 is a finding. So is neither 501 nor 505, by which the HTTP server refuses
     * transfer encodings and versions that it does not know.
     */
    synchronized void answer(String request, int status, String body) {
        answers.merge(status, 1, Integer::sum);
        if (status >= 500 && status != 503 && status != 501 && status != 505) {
            String start = body.substring(0, Math.min(200, body.length()));
            add("answer " + status + " to " + request.replaceAll("[0-9a-f]{8,}|\\d{3,}", "N"), request + " " + start);
        }
    }

    synchronized boolean isEmpty() {
        return kinds.isEmpty();
    }

    synchronized String summary() {
        return (kinds.isEmpty() ? "Everything held." : kinds.size() + " kinds of findings: " + kinds)
                + "\nAnswers by status: " + answers;
    }
}
