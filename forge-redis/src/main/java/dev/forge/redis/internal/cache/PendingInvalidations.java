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
 * Invalidations that Redis has not acknowledged: they are sent again before anything that they concern is believed, and in the
 * meantime every second, until the manager closes.
 *
 * <p>At most {@value #MOST_KEYS} keys are remembered one by one; more become one invalidation of the whole cache. They do not
 * outlive the process.
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

    // Both may be read without a lock, on the way of every look-up.
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

    /** An invalidation of more than single keys, as one object tells it from another of the same name. */
    private static final class Other {
        private final Supplier<CompletableFuture<?>> send;

        private Other(Supplier<CompletableFuture<?>> send) {
            this.send = send;
        }
    }

    /** Remembers that {@code failed} keys are to be removed. */
    synchronized void add(Collection<String> failed) {
        if (keys.size() + failed.size() > MOST_KEYS) {
            keys.clear();
            addOther("everything", deleteAll);
            return;
        }
        failed.forEach(key -> keys.put(key, new Object()));
        any = true;
        again();
    }

    /**
     * Remembers that as many of {@code refused} are to be removed as there is room for. For want of room on the way to Redis
     * nothing becomes an invalidation of the whole cache: a caller that asked for more knows that it has failed.
     */
    synchronized void addWhatFits(Collection<String> refused) {
        for (String key : refused) {
            if (keys.size() >= MOST_KEYS) {
                break;
            }
            keys.put(key, new Object());
        }
        any = true;
        again();
    }

    /** Remembers an invalidation as {@link #addOther} does, unless there are too many. */
    synchronized void addOtherIfItFits(String name, Supplier<CompletableFuture<?>> send) {
        if (others.size() < MOST_OTHERS) {
            addOther(name, send);
        }
    }

    /** Remembers an invalidation of which no one can say whose keys it concerns; {@code name} tells it from others. */
    synchronized void addOther(String name, Supplier<CompletableFuture<?>> send) {
        if (others.size() >= MOST_OTHERS) {
            others.clear();
            others.put("everything", new Other(deleteAll));
        } else {
            others.put(name, new Other(send));
        }
        everything = true;
        any = true;
        again();
    }

    /** Returns whether what Redis has at {@code key} must not be believed. */
    public boolean concerns(String key) {
        return any && (everything || keys.containsKey(key));
    }

    /** Returns how many are remembered. */
    public int size() {
        if (!any) {
            return 0;
        }
        synchronized (this) {
            return keys.size() + others.size();
        }
    }

    /** Sends all that are remembered; returns whether none is left that concerns what was remembered before. Never fails. */
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

    // What was remembered anew while the old was on its way stays.
    private synchronized void forget(Map<String, Object> some, Map<String, Other> rest) {
        some.forEach(keys::remove);
        rest.forEach(others::remove);
        everything = !others.isEmpty();
        any = everything || !keys.isEmpty();
    }

    private void sendAgain() {
        scheduled.set(false);
        send().thenAccept(done -> {
            if (any) {
                again();
            }
        });
    }

    private void again() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                scheduler.after(AGAIN_MILLIS, this::sendAgain);
            } catch (RejectedExecutionException e) {
                // The manager has closed, and does not send anything any more.
            }
        }
    }
}
