package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no connection to a server and since when, and the words for it.
 *
 * <p>Not thread-safe: the lock of its owner guards it.
 */
final class ConnectionOutage {

    /** What {@link #end()} returns if there was no outage. */
    static final long NONE = -1;

    private static final int MOST_REASONS = 5;

    private final String address;
    private final Set<String> reasons = new HashSet<>();
    private final LossLog losses = new LossLog(System::nanoTime);

    private @Nullable RedisFailure reason;
    private long since;
    private boolean quiet;

    ConnectionOutage(String address) {
        this.address = address;
    }

    /** Returns why calls fail, or null while there is a connection, none was tried, or calls wait for the next one. */
    @Nullable
    RedisFailure reason() {
        return reason;
    }

    /**
     * Records that {@code gone} was lost, and returns that as the beginning of a sentence for a log; or null if it is not
     * to be logged, see {@link LossLog}.
     *
     * <p>If the server has closed it because of one command, it is healthy, and calls wait.
     */
    @Nullable
    String lost(PipelinedConnection gone) {
        since = System.nanoTime();
        int number = losses.lost();
        quiet = number > LossLog.MOST;
        String why = gone.monitor().reason();
        if (!gone.isCutOff()) {
            reason = new RedisUnavailableException("the connection to Redis at " + address + " was lost" + why, null);
        }
        return quiet
                ? null
                : "The connection to Redis at " + at(gone) + " was lost" + why
                        + (number < LossLog.MOST
                                ? ""
                                : ", for the " + LossLog.MOST
                                        + "th time within a minute, the rest of which is not logged");
    }

    /**
     * Records that an attempt to connect has failed.
     *
     * @return whether to log that: no attempt of this outage has failed for this reason, or for many others
     */
    boolean failed(RedisFailure why) {
        if (reason == null) {
            since = System.nanoTime();
        }
        reason = why;
        boolean isNew = reasons.size() < MOST_REASONS && reasons.add(why.text());
        quiet &= !isNew;
        return isNew;
    }

    /**
     * Records that there is a connection; returns how long calls have failed, in milliseconds, or {@link #NONE} if they have
     * not or nothing of it was logged.
     */
    long end() {
        long millis = reason == null || quiet ? NONE : (System.nanoTime() - since) / 1_000_000;
        reason = null;
        reasons.clear();
        quiet = false;
        return millis;
    }

    /** Returns the failure of a call, or of an attempt to connect, once the connection is closed for good. */
    RedisFailure closed() {
        return new RedisUnavailableException("the manager of Redis at " + address + " is closed", null);
    }

    /** Returns the address for a log, and with it that of the server if the sentinels have named one. */
    String at(PipelinedConnection connection) {
        String server = connection.address();
        return address.equals(server) ? address : address + " (" + server + ")";
    }
}
