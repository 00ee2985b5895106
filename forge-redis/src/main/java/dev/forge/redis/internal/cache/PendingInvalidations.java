package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.thread.Scheduler;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The invalidations of a cache that Redis has not acknowledged.
 *
 * <p>They are sent again before a value that they concern is trusted, and otherwise every second, until the manager
 * closes. At most {@value #MOST_KEYS} keys are remembered individually; more become one invalidation of the whole
 * cache. Pending invalidations are lost when the process ends.
 */
public final class PendingInvalidations {

    public static final int MOST_KEYS = 10_000;

    private static final int MOST_OTHERS = 100;
    private static final int AT_ONCE = 500;
    private static final long AGAIN_MILLIS = 1_000;

    private final Function<Collection<String>, CompletableFuture<?>> delete;
    private final Supplier<CompletableFuture<?>> deleteAll;
    private final Scheduler scheduler;
    private final ConcurrentMap<String, Object> keys = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    // Guarded by this.
    private final Map<String, Other> others = new LinkedHashMap<>();
    private @Nullable CompletableFuture<Boolean> replay;

    // Volatile, so that look-ups read them without the lock.
    private volatile boolean any;
    private volatile boolean everything;

    /**
     * @param delete removes keys
     * @param deleteAll removes every key of the cache
     */
    public PendingInvalidations(
            Function<Collection<String>, CompletableFuture<?>> delete,
            Supplier<CompletableFuture<?>> deleteAll,
            Scheduler scheduler) {
        this.scheduler = scheduler;
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

    /**
     * Sends the pending invalidations, at most 500 keys at once; returns whether none is left. Never
     * fails.
     */
    public CompletableFuture<Boolean> send() {
        CompletableFuture<Boolean> mine;
        Map<String, Object> some = new HashMap<>();
        Map<String, Other> rest;
        synchronized (this) {
            if (replay != null && !replay.isDone()) {
                return replay;
            }
            mine = new CompletableFuture<>();
            replay = mine;
            keys.entrySet().stream().limit(AT_ONCE).forEach(each -> some.put(each.getKey(), each.getValue()));
            rest = Map.copyOf(others);
        }
        CompletableFuture<?>[] sent = new CompletableFuture<?>[1 + rest.size()];
        sent[0] = some.isEmpty() ? CompletableFuture.completedFuture(0L) : sent(() -> delete.apply(some.keySet()));
        int next = 1;
        for (Other other : rest.values()) {
            sent[next++] = sent(other.send);
        }
        CompletableFuture.allOf(sent).whenComplete((done, failure) -> {
            if (failure == null) {
                forget(some, rest);
                mine.complete(!any);
            } else {
                mine.complete(false);
            }
        });
        return mine;
    }

    private static CompletableFuture<?> sent(Supplier<CompletableFuture<?>> send) {
        try {
            return send.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    // An invalidation that was added again while the previous one was in flight stays.
    private synchronized void forget(Map<String, Object> some, Map<String, Other> rest) {
        some.forEach(keys::remove);
        rest.forEach(others::remove);
        everything = !others.isEmpty();
        any = everything || !keys.isEmpty();
    }

    private void retry() {
        scheduled.set(false);
        send().thenAccept(done -> {
            if (any) {
                scheduleRetry();
            }
        });
    }

    private void scheduleRetry() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                scheduler.after(AGAIN_MILLIS, this::retry);
            } catch (RejectedExecutionException e) {
                // The manager has closed and sends no more commands.
            }
        }
    }
}
