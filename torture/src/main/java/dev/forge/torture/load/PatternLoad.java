package dev.forge.torture.load;

import dev.forge.redis.RedisManager;
import dev.forge.torture.check.Outcome;
import dev.forge.torture.check.PresenceCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Deletions by pattern of many keys, with other keys that must stay. */
public final class PatternLoad implements LoadStream {

    private static final int OTHERS = 50;
    private static final int AT_ONCE = 128;
    private static final int PAGE = 500;
    private static final int MOST_READS = 100;
    private static final Duration TTL = Duration.ofMinutes(2);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final double EVERY_SECONDS = 10;

    private final Ground ground;
    private final int keys;
    private final Calls calls;
    private final PresenceCheck check;
    private int round;
    private final AtomicInteger checked = new AtomicInteger();

    public PatternLoad(Ground ground, int keys) {
        this.ground = ground;
        this.keys = keys;
        this.calls = new Calls(ground, name(), LONGEST);
        this.check = new PresenceCheck(ground.violations());
    }

    @Override
    public String name() {
        return "pattern deletions";
    }

    @Override
    public double perSecond() {
        return 1 / EVERY_SECONDS;
    }

    @Override
    public void step() throws InterruptedException {
        int epoch = ground.epochs().now();
        int number = round++;
        RedisManager redis = ground.mine();
        Queue<String> matching = written("pattern:" + number + ":", keys);
        Queue<String> others = written("pattern:" + number + "x:", OTHERS);
        Long removed = calls.run(LONGEST, () -> redis.deletePatternSync("pattern:" + number + ":*"));
        if (removed == null) {
            return;
        }
        long left = present(List.copyOf(matching));
        long othersLeft = present(List.copyOf(others));
        if (left >= 0 && othersLeft >= 0 && ground.epochs().holds(epoch)) {
            check.check(matching.size(), left, others.size(), othersLeft);
            checked.incrementAndGet();
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        Map<String, Long> counts = calls.counts();
        counts.put("checked", checked.longValue());
        return counts;
    }

    /** Writes keys; returns those that surely exist. */
    private Queue<String> written(String prefix, int count) throws InterruptedException {
        Queue<String> sure = new ConcurrentLinkedQueue<>();
        Semaphore room = new Semaphore(AT_ONCE);
        String value = ground.filling();
        for (int i = 0; i < count; i++) {
            String key = prefix + i;
            room.acquire();
            calls.begin(ground.deadline(), () -> ground.mine().setAsync(key, value, TTL), (outcome, none) -> {
                if (outcome == Outcome.OK) {
                    sure.add(key);
                }
                room.release();
            });
        }
        room.acquire(AT_ONCE);
        return sure;
    }

    /** Returns how many of the keys exist, or -1 if that is unknown. */
    private long present(List<String> all) throws InterruptedException {
        long sum = 0;
        for (int from = 0; from < all.size(); from += PAGE) {
            List<Optional<String>> found = read(all.subList(from, Math.min(all.size(), from + PAGE)));
            if (found == null) {
                return -1;
            }
            sum += found.stream().filter(Optional::isPresent).count();
        }
        return sum;
    }

    private @Nullable List<Optional<String>> read(List<String> page) throws InterruptedException {
        for (int attempt = 0; attempt < MOST_READS; attempt++) {
            try {
                List<CompletableFuture<Optional<String>>> reads =
                        page.stream().map(ground.mine()::getAsync).toList();
                List<Optional<String>> found = new ArrayList<>();
                for (CompletableFuture<Optional<String>> read : reads) {
                    found.add(read.get());
                }
                return found;
            } catch (ExecutionException e) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        return null;
    }
}
