package dev.forge.torture.fault;

import org.jspecify.annotations.Nullable;

/**
 * One fault of a plan.
 *
 * @param kind what goes wrong
 * @param millis for how long
 * @param amount how strong it is, from 0 to 999; its meaning depends on the kind
 * @param second what goes wrong on the way at the same time, or null
 * @param pauseMillis how long everything is well afterwards
 */
public record Fault(
        FaultKind kind, int millis, int amount, @Nullable FaultKind second, int pauseMillis) {

    @Override
    public String toString() {
        return kind + (second == null ? "" : "+" + second) + " " + millis + " ms, amount " + amount;
    }
}
