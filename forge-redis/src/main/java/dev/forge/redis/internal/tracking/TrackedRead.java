package dev.forge.redis.internal.tracking;

import java.util.Optional;

/**
 * The result of {@link Tracking#read}.
 *
 * @param bytes the value of the key, or empty if the key does not exist
 * @param pttlMillis the remaining TTL of the key in milliseconds when it was read, -1 if it has none, -2 if the key did
 *     not exist or the TTL is not known
 * @param sentAt the time of {@link System#nanoTime()} just before the read was sent, from which the remaining TTL
 *     counts
 * @param isTracked whether the epoch of the read will report a change of the key; if not, another connection has
 *     answered, and the bytes must not be kept
 */
public record TrackedRead(Optional<byte[]> bytes, long pttlMillis, long sentAt, boolean isTracked) {

    /** The {@link #pttlMillis()} of a key that does not exist. */
    public static final long NO_KEY = -2;

    /** The {@link #pttlMillis()} of a key without a TTL. */
    public static final long NO_END = -1;
}
