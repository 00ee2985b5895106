package dev.forge.torture.check;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One load per key at a time within one process, without invalidations. Thread-safe. */
public final class OverlapCheck {

    static final String PROMISE = "one load per key";

    private final Violations violations;
    private final Set<String> loading = ConcurrentHashMap.newKeySet();

    public OverlapCheck(Violations violations) {
        this.violations = violations;
    }

    /** A load begins. */
    public void begin(String key) {
        if (!loading.add(key)) {
            violations.add(PROMISE, key + " is loaded by two callers at once");
        }
    }

    /** A load has ended. */
    public void end(String key) {
        loading.remove(key);
    }
}
