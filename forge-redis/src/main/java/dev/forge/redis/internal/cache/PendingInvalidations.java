package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.thread.OnePlan;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The invalidations of a cache that Redis has not acknowledged.
 *
 * <p>They are sent again before a value that they concern is trusted, and otherwise every second, until the manager
 * closes. At most {@value #MOST_KEYS} keys are remembered individually; more become one invalidation of the whole
 * cache. Pending invalidations are lost when the process ends.
 */
public final class PendingInvalidations {

    public static final int MOST_KEYS = 10_000;
    public static final int AT_ONCE = 500;

    private static final int MOST_OTHERS = 100;
    private static final long AGAIN_MILLIS = 1_000;

    private final Function<List<String>, CompletableFuture<?>> delete;
    private final int together;
    private final Supplier<CompletableFuture<?>> deleteAll;
    private final Scheduler scheduler;
    private final ConcurrentMap<String, Object> keys = new ConcurrentHashMap<>();
    private final OnePlan retries = new OnePlan();

    // Guarded by this.
    private final Map<String, Other> others = new LinkedHashMap<>();
    private CompletableFuture<Void> replay = CompletableFuture.completedFuture(null);

    // Volatile, so that look-ups read them without the lock.
    private volatile boolean any;
    private volatile boolean everything;

    /**
     * @param delete removes keys
     * @param together how many keys to remove at once: 1 if they may be on different nodes
     * @param deleteAll removes every key of the cache
     */
    public PendingInvalidations(
            Function<List<String>, CompletableFuture<?>> delete,
            int together,
            Supplier<CompletableFuture<?>> deleteAll,
            Scheduler scheduler) {
        this.scheduler = scheduler;
        this.together = together;
        this.delete = delete;
        this.deleteAll = deleteAll;
    }

    /** An invalidation of more than single keys; its identity tells it from a later one with the same name. */
    private static final class Other {
        private final Supplier<CompletableFuture<?>> send;

        private Other(Supplier<CompletableFuture<?>> send) {
            this.send = send;
        }
    }

    /** Remembers that the keys {@code failed} must be removed. */
    synchronized void add(Collection<String> failed) {
        if (keys.size() + failed.size() > MOST_KEYS) {
            addOther("everything", deleteAll);
            keys.clear();
            return;
        }
        failed.forEach(key -> keys.put(key, new Object()));
        any = true;
        scheduleRetry();
    }

    /**
     * Remembers as many of the keys {@code refused} as there is room for. Unlike {@link #add}, this never becomes an
     * invalidation of the whole cache: the caller that sent too many commands knows that its call has failed.
     */
    synchronized void addWhatFits(Collection<String> refused) {
        for (String key : refused) {
            if (keys.size() >= MOST_KEYS) {
                break;
            }
            keys.put(key, new Object());
        }
        any = true;
        scheduleRetry();
    }

    /** Remembers an invalidation as {@link #addOther} does, unless there are too many. */
    synchronized void addOtherIfItFits(String name, Supplier<CompletableFuture<?>> send) {
        if (others.size() < MOST_OTHERS) {
            addOther(name, send);
        }
    }

    /** Remembers an invalidation that may concern any key; one with the same {@code name} replaces it. */
    synchronized void addOther(String name, Supplier<CompletableFuture<?>> send) {
        if (others.size() >= MOST_OTHERS) {
            others.clear();
            others.put("everything", new Other(deleteAll));
        } else {
            others.put(name, new Other(send));
        }
        everything = true;
        any = true;
        scheduleRetry();
    }

    /** Returns whether the value of {@code key} in Redis must not be trusted. */
    public boolean concerns(String key) {
        return any && (everything || keys.containsKey(key));
    }

    /** Returns how many invalidations are pending. */
    public int size() {
        if (!any) {
            return 0;
        }
        synchronized (this) {
            return keys.size() + others.size();
        }
    }

    /** Sends all pending invalidations; returns whether none is left. Never fails. */
    public CompletableFuture<Boolean> send() {
        return sendFor(keys.keySet()).thenApply(done -> !any);
    }

    /**
     * Sends the pending invalidations that concern {@code redisKeys}. Those that Redis acknowledges are forgotten, even if
     * others fail: one of several nodes may be unavailable for long. Never fails.
     */
    public CompletableFuture<Void> sendFor(Collection<String> redisKeys) {
        List<Sent> some = new ArrayList<>();
        for (String key : redisKeys) {
            Object added = keys.get(key);
            if (added != null) {
                some.add(new Sent(key, added));
            }
        }
        return ended(List.of(sendOthers(), sendKeys(some)));
    }

    /** The invalidation of a key that is being sent; if it is added again meanwhile, {@code added} is another object then. */
    private record Sent(String key, Object added) {}

    private CompletableFuture<Void> sendKeys(List<Sent> all) {
        if (all.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        List<Sent> some = all.subList(0, Math.min(AT_ONCE, all.size()));
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int from = 0; from < some.size(); from += together) {
            List<Sent> part = some.subList(from, Math.min(from + together, some.size()));
            List<String> names = part.stream().map(Sent::key).toList();
            sent.add(sent(() -> delete.apply(names))
                    .thenRun(() -> forget(() -> part.forEach(each -> keys.remove(each.key(), each.added())))));
        }
        return ended(sent).thenCompose(done -> sendKeys(all.subList(some.size(), all.size())));
    }

    private CompletableFuture<Void> sendOthers() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        Map<String, Other> all;
        synchronized (this) {
            if (!replay.isDone()) {
                return replay;
            }
            all = Map.copyOf(others);
            replay = mine;
        }
        try {
            List<CompletableFuture<?>> sent = new ArrayList<>();
            all.forEach((name, other) ->
                    sent.add(sent(other.send).thenRun(() -> forget(() -> others.remove(name, other)))));
            ended(sent).thenRun(() -> mine.complete(null));
        } catch (Throwable e) {
            // For example for lack of memory: all later look-ups would wait for this.
            mine.complete(null);
        }
        return mine;
    }

    /** Completes when all of {@code sent} have ended, in any way. */
    private static CompletableFuture<Void> ended(List<CompletableFuture<?>> sent) {
        return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).exceptionally(failure -> null);
    }

    private static CompletableFuture<?> sent(Supplier<CompletableFuture<?>> send) {
        try {
            return send.get();
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized void forget(Runnable acknowledged) {
        acknowledged.run();
        everything = !others.isEmpty();
        any = everything || !keys.isEmpty();
    }

    private void retry() {
        retries.over();
        send().thenAccept(noneLeft -> {
            if (!noneLeft) {
                scheduleRetry();
            }
        });
    }

    private void scheduleRetry() {
        try {
            retries.make(() -> scheduler.after(AGAIN_MILLIS, this::retry));
        } catch (RejectedExecutionException e) {
            // The manager has closed and sends no more commands.
        }
    }
}
