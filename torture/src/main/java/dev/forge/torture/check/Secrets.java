package dev.forge.torture.check;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The secrets that must never be seen outside Redis and its callers. Thread-safe. */
public final class Secrets {

    static final String PROMISE = "no secret is shown";

    private static final int DEEPEST_CAUSE = 20;
    private static final int SAMPLE = 64;

    private final Violations violations;
    private final List<String> words = new CopyOnWriteArrayList<>();
    private final List<String> others = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();

    public Secrets(Violations violations) {
        this.violations = violations;
    }

    /** Adds a secret; returns it. */
    public String add(String word) {
        words.add(word);
        return word;
    }

    /** Adds one of many secrets, for which one failure in {@value #SAMPLE} is searched. */
    public void addOneOfMany(String word) {
        others.add(word);
    }

    /** Looks for all of them in {@code text}. */
    public void look(String where, String text) {
        look(where, text, words);
        look(where, text, others);
    }

    private void look(String where, String text, List<String> some) {
        for (String word : some) {
            if (text.contains(word)) {
                violations.add(PROMISE, where + " shows a secret, of " + word.length() + " characters");
            }
        }
    }

    /** Looks for them in a failure and all its causes. */
    public void look(String where, Throwable thrown) {
        boolean all = failures.incrementAndGet() % SAMPLE == 0;
        @Nullable Throwable each = thrown;
        for (int depth = 0; each != null && depth < DEEPEST_CAUSE; depth++) {
            String text = each.toString();
            look(where, text, words);
            if (all) {
                look(where, text, others);
            }
            each = each.getCause();
        }
    }
}
