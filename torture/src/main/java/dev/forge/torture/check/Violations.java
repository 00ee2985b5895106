package dev.forge.torture.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The broken promises. Thread-safe. */
public final class Violations {

    private static final int MOST_DETAILS = 60;
    private static final int MOST_DETAILS_AT_ONCE = 3;

    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<String, List<String>> details = new LinkedHashMap<>();
    private final Map<String, Integer> atOnce = new LinkedHashMap<>();
    private final Set<String> skipped = new TreeSet<>();
    private String doing = "nothing yet";

    /** Sets the current activity, which is recorded with each violation. */
    public synchronized void during(String what) {
        doing = what;
        atOnce.clear();
    }

    /** Records that {@code promise} was broken. */
    public synchronized void add(String promise, String detail) {
        counts.merge(promise, 1, Integer::sum);
        List<String> known = details.computeIfAbsent(promise, name -> new ArrayList<>());
        if (known.size() < MOST_DETAILS && atOnce.merge(promise, 1, Integer::sum) <= MOST_DETAILS_AT_ONCE) {
            known.add(detail + " [during " + doing + "]");
        }
    }

    /** Records something that could not be checked on this machine, and why. */
    public synchronized void skipped(String what) {
        skipped.add(what);
    }

    /** Returns what could not be checked. */
    public synchronized Set<String> skipped() {
        return new TreeSet<>(skipped);
    }

    /** Returns the number of violations. */
    public synchronized int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns how many times each promise was broken. */
    public synchronized Map<String, Integer> counts() {
        return new LinkedHashMap<>(counts);
    }

    /** Returns the first cases of each promise. */
    public synchronized Map<String, List<String>> details() {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        details.forEach((promise, cases) -> copy.put(promise, List.copyOf(cases)));
        return copy;
    }
}
