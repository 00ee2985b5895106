package dev.forge.redis.internal.observe;

import dev.forge.redis.observe.CommandOutcome;
import dev.forge.redis.observe.RedisObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The observer of a manager, if there is one. What it throws is caught, so that it breaks neither a call nor the thread
 * that serves a connection; the first time is logged.
 *
 * <p>Without an observer each method reads one field. Thread-safe.
 */
public final class ObserverSlot {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.observe");

    private final AtomicBoolean logged = new AtomicBoolean();
    private volatile @Nullable RedisObserver observer;

    public void set(RedisObserver next) {
        observer = next;
    }

    /** Returns whether there is an observer. */
    public boolean isSet() {
        return observer != null;
    }

    /** Returns what to notify of the end of a command, or null; to be passed to {@link #commandEnded}. */
    public RedisObserver.@Nullable CommandEnd commandStarted(String operation) {
        RedisObserver current = observer;
        if (current == null) {
            return null;
        }
        try {
            return current.commandStarted(operation);
        } catch (Throwable e) {
            caught(e);
            return null;
        }
    }

    public void commandEnded(RedisObserver.CommandEnd end, CommandOutcome outcome, long nanos) {
        try {
            end.ended(outcome, nanos);
        } catch (Throwable e) {
            caught(e);
        }
    }

    /** Returns what to notify of the end of a load, or null; to be passed to {@link #loadEnded}. */
    public RedisObserver.@Nullable LoadEnd loadStarted(String cache) {
        RedisObserver current = observer;
        if (current == null) {
            return null;
        }
        try {
            return current.loadStarted(cache);
        } catch (Throwable e) {
            caught(e);
            return null;
        }
    }

    public void loadEnded(RedisObserver.@Nullable LoadEnd end, @Nullable Throwable failure) {
        if (end == null) {
            return;
        }
        try {
            end.ended(failure);
        } catch (Throwable e) {
            caught(e);
        }
    }

    public void rateLimited(String name, String outcome, String basis) {
        RedisObserver current = observer;
        if (current == null) {
            return;
        }
        try {
            current.rateLimited(name, outcome, basis);
        } catch (Throwable e) {
            caught(e);
        }
    }

    public void sessionUsed(String operation, String outcome) {
        RedisObserver current = observer;
        if (current == null) {
            return;
        }
        try {
            current.sessionUsed(operation, outcome);
        } catch (Throwable e) {
            caught(e);
        }
    }

    private void caught(Throwable failure) {
        if (logged.compareAndSet(false, true)) {
            LOG.warn("The observer of a RedisManager failed; this is logged once", failure);
        }
    }
}
