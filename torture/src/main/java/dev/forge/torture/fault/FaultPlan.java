package dev.forge.torture.fault;

import dev.forge.torture.fault.FaultKind.Scene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The faults of one phase: a pure function of the seed, the places and the number. */
public final class FaultPlan {

    private static final int PAIRS_IN_HUNDRED = 12;
    private static final int LONG_IN_HUNDRED = 20;
    private static final int MOST_PAUSE_MILLIS = 450;
    private static final int LEAST_PAUSE_MILLIS = 100;

    /** Faults on the way that may happen during a fault in the server, with an end of their own. */
    private static final List<FaultKind> SECONDS = List.of(
            FaultKind.RESET, FaultKind.DROP_REPLIES, FaultKind.LATENCY, FaultKind.BANDWIDTH, FaultKind.HOLD_PACKET);

    private FaultPlan() {}

    /** Returns {@code count} faults that can happen in {@code scenes}: every kind once before any repeats. */
    public static List<Fault> of(long seed, Set<Scene> scenes, int count) {
        Random random = new Random(seed);
        List<FaultKind> kinds = Arrays.stream(FaultKind.values())
                .filter(kind -> scenes.contains(kind.scene()))
                .toList();
        List<Fault> plan = new ArrayList<>();
        List<FaultKind> left = new ArrayList<>();
        while (plan.size() < count) {
            if (left.isEmpty()) {
                left.addAll(kinds);
                Collections.shuffle(left, random);
            }
            plan.add(fault(left.remove(left.size() - 1), random));
        }
        return List.copyOf(plan);
    }

    private static Fault fault(FaultKind kind, Random random) {
        int span = kind.mostMillis() - kind.leastMillis();
        // Most are short, because changes cause the trouble; some last until the health must have followed.
        boolean isLong = random.nextInt(100) < LONG_IN_HUNDRED;
        double share = isLong ? 0.85 + 0.15 * random.nextDouble() : 0.3 * random.nextDouble();
        int amount = random.nextInt(1_000);
        boolean paired = kind.scene() == Scene.SERVER
                && kind.loss() == Loss.NONE
                && kind.mostMillis() > 0
                && random.nextInt(100) < PAIRS_IN_HUNDRED;
        FaultKind second = paired ? SECONDS.get(random.nextInt(SECONDS.size())) : null;
        int pause = LEAST_PAUSE_MILLIS + random.nextInt(MOST_PAUSE_MILLIS - LEAST_PAUSE_MILLIS);
        return new Fault(kind, kind.leastMillis() + (int) (span * share), amount, second, pause);
    }
}
