package dev.forge.torture.check;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One load of each key over all callers and processes, from one invalidation to the next. Thread-safe. */
public final class LoadOnceCheck {

    static final String PROMISE = "one load per key over all processes";

    private final Violations violations;
    private final Map<String, AtomicInteger> loads = new ConcurrentHashMap<>();

    public LoadOnceCheck(Violations violations) {
        this.violations = violations;
    }

    /** A loader was called for {@code keys}. */
    public void loading(Collection<String> keys) {
        keys.forEach(
                key -> loads.computeIfAbsent(key, any -> new AtomicInteger()).incrementAndGet());
    }

    /**
     * All callers have ended: checks how often each key was loaded, and begins again.
     *
     * @param undisturbed whether there was no fault meanwhile, nor shortly before
     */
    public void finish(String what, boolean undisturbed) {
        long twice = loads.values().stream().filter(count -> count.get() > 1).count();
        if (undisturbed && twice > 0) {
            violations.add(
                    PROMISE,
                    what + ": " + twice + " of " + loads.size() + " keys were loaded more than once, "
                            + loads.values().stream()
                                    .mapToInt(AtomicInteger::get)
                                    .sum() + " loads in all");
        }
        loads.clear();
    }
}
