package dev.forge.torture.fault;

import org.jspecify.annotations.Nullable;

/**
 * One fault of a plan.
 *
 * @param kind the kind of fault
 * @param millis its duration
 * @param amount its strength, from 0 to 999; the meaning depends on the kind
 * @param second a fault on the way at the same time, or null
 * @param pauseMillis the time without faults afterwards
 */
public record Fault(
        FaultKind kind, int millis, int amount, @Nullable FaultKind second, int pauseMillis) {

    @Override
    public String toString() {
        return kind + (second == null ? "" : "+" + second) + " " + millis + " ms, amount " + amount;
    }
}
