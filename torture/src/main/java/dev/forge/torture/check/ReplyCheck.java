package dev.forge.torture.check;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right reply to the right caller: one key that one caller uses, whose values name it.
 *
 * <p>A key must be given up if a write of it may or may not have run, because such a write may arrive at any later
 * time. Confined to one caller at a time.
 */
public final class ReplyCheck {

    static final String PROMISE = "the right reply to the right caller";

    private final Violations violations;
    private final String key;
    private @Nullable String value;
    private boolean uncertain;

    public ReplyCheck(Violations violations, String key) {
        this.violations = violations;
        this.key = key;
    }

    /** Returns the key. */
    public String key() {
        return key;
    }

    /** Returns whether the key must not be used any more. */
    public boolean isUncertain() {
        return uncertain;
    }

    /** Makes the value number {@code number} of this key. */
    public String value(long number, String filling) {
        return key + "=" + number + "=" + filling;
    }

    /** A write of {@code written}, or a deletion if that is null, has ended. */
    public void wrote(@Nullable String written, Outcome outcome) {
        if (outcome == Outcome.OK) {
            value = written;
        } else if (outcome != Outcome.NEVER_SENT && outcome != Outcome.REFUSED) {
            uncertain = true;
        }
    }

    /** A deletion was answered with the number of keys that it removed. */
    public void removed(long count, boolean lostNothing) {
        long expected = value == null ? 0 : 1;
        if (lostNothing && count != expected) {
            violations.add(PROMISE, "deleting " + key + " removed " + count + " keys, not " + expected);
        }
        value = null;
    }

    /** A read was answered; {@code lostNothing} says that Redis has kept all data since the key was first used. */
    public void read(Optional<String> answer, boolean lostNothing) {
        if (answer.isPresent() && !answer.get().startsWith(key + "=")) {
            violations.add(PROMISE, "reading " + key + " was answered with the value of another key");
        } else if (lostNothing && !uncertain && !answer.equals(Optional.ofNullable(value))) {
            violations.add(PROMISE, "reading " + key + " was not answered with what was written last");
        }
    }
}
