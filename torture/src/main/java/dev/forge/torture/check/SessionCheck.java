package dev.forge.torture.check;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session: it keeps its attributes until it ends, and an ended session stays ended. Confined to one caller. */
public final class SessionCheck {

    /** The promise that an ended session breaks if it is found again. */
    public static final String DEAD = "a session that has ended stays ended";

    static final String KEPT = "a session keeps its attributes";

    private enum Life {
        ALIVE,
        UNCERTAIN,
        DEAD
    }

    private final Violations violations;
    private final Map<String, String> attributes;
    private Life life = Life.ALIVE;
    private boolean exact = true;

    public SessionCheck(Violations violations, Map<String, String> attributes) {
        this.violations = violations;
        this.attributes = new HashMap<>(attributes);
    }

    /** Returns whether it has been seen as ended. */
    public boolean isDead() {
        return life == Life.DEAD;
    }

    /** A change of attributes has ended. */
    public void changed(Map<String, String> changes, Outcome outcome) {
        if (outcome == Outcome.OK) {
            attributes.putAll(changes);
        } else if (outcome != Outcome.NEVER_SENT && outcome != Outcome.REFUSED) {
            exact = false;
        }
    }

    /** A deletion has ended. */
    public void deleted(Outcome outcome) {
        if (outcome == Outcome.OK) {
            life = Life.DEAD;
        } else if (outcome != Outcome.NEVER_SENT && outcome != Outcome.REFUSED && life == Life.ALIVE) {
            life = Life.UNCERTAIN;
        }
    }

    /** A read returned these attributes, or null if there is no session. */
    public void seen(@Nullable Map<String, String> found, boolean lostNothing) {
        if (found == null) {
            if (lostNothing && life == Life.ALIVE) {
                violations.add(KEPT, "a session is gone");
            }
            life = Life.DEAD;
        } else if (life == Life.DEAD) {
            violations.add(DEAD, "a session that had ended was found");
        } else if (lostNothing && exact && !found.equals(attributes)) {
            violations.add(
                    KEPT,
                    "a session has " + found.keySet() + " or other values, in place of those of "
                            + attributes.keySet());
        }
    }
}
