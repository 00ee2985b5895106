package dev.forge.torture.load;

import dev.forge.torture.check.Outcome;
import dev.forge.torture.check.ReplyCheck;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gets, sets and deletions, many at a time, of values that name their keys; some are cancelled. */
public final class PlainLoad implements LoadStream {

    private static final int KEYS = 2_000;
    private static final int CANCELLED_IN_THOUSAND = 5;
    private static final Duration TTL = Duration.ofMinutes(30);

    /** A key, and the epoch in which it was first used. */
    private record Owned(int index, int version, int epoch, ReplyCheck check) {}

    private final Ground ground;
    private final boolean checksValues;
    private final Calls calls;
    private final Random random;
    private final BlockingQueue<Owned> free = new ArrayBlockingQueue<>(KEYS);
    private long numbers;

    /** @param checksValues whether the replies can be trusted */
    public PlainLoad(Ground ground, boolean checksValues, long seed) {
        this.ground = ground;
        this.checksValues = checksValues;
        this.calls = new Calls(ground, name());
        this.random = new Random(seed);
        for (int index = 0; index < KEYS; index++) {
            free.add(owned(index, 0));
        }
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public double perSecond() {
        return 2_000;
    }

    @Override
    public void step() {
        Owned owned = free.poll();
        if (owned == null) {
            return;
        }
        if (owned.check.isUncertain() || !ground.epochs().holds(owned.epoch)) {
            owned = owned(owned.index, owned.version + 1);
        }
        Owned mine = owned;
        ReplyCheck check = mine.check;
        int choice = random.nextInt(10);
        CompletableFuture<?> call;
        if (choice < 5) {
            call = calls.begin(
                    ground.deadline(),
                    () -> ground.manager(mine.index).getAsync(check.key()),
                    (outcome, answer) -> ended(mine, () -> read(mine, outcome, answer)));
        } else if (choice < 9) {
            String value = check.value(numbers++, ground.filling());
            call = calls.begin(
                    ground.deadline(),
                    () -> ground.manager(mine.index).setAsync(check.key(), value, TTL),
                    (outcome, none) -> ended(mine, () -> check.wrote(value, outcome)));
        } else {
            call = calls.begin(
                    ground.deadline(),
                    () -> ground.manager(mine.index).deleteAsync(check.key()),
                    (outcome, count) -> ended(mine, () -> removed(mine, outcome, count)));
        }
        if (random.nextInt(1_000) < CANCELLED_IN_THOUSAND) {
            call.cancel(true);
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }

    @SuppressWarnings("NullableOptional") // null is no answer, and not an empty one
    private void read(Owned mine, Outcome outcome, @Nullable Optional<String> answer) {
        if (outcome == Outcome.OK && answer != null && checksValues) {
            mine.check.read(answer, ground.epochs().holds(mine.epoch));
        }
    }

    private void removed(Owned mine, Outcome outcome, @Nullable Long count) {
        if (outcome == Outcome.OK && count != null && checksValues) {
            mine.check.removed(count, ground.epochs().holds(mine.epoch));
        } else {
            mine.check.wrote(null, outcome);
        }
    }

    private void ended(Owned mine, Runnable check) {
        try {
            check.run();
        } finally {
            free.add(mine);
        }
    }

    private Owned owned(int index, int version) {
        return new Owned(
                index,
                version,
                ground.epochs().now(),
                new ReplyCheck(ground.violations(), "plain:" + index + ":" + version));
    }
}
