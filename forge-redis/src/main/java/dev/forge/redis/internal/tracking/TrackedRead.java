package dev.forge.redis.internal.tracking;

import java.util.Optional;

/**
 * What {@link Tracking#read} has read.
 *
 * @param bytes the bytes at the key, or nothing if there are none
 * @param pttlMillis the milliseconds left to the key when it had been read, -1 if it has no end, -2 if there was none or it is
 *     not known
 * @param sentAt the time of {@link System#nanoTime()} just before the question left: what is left to the key counts from here
 * @param isTracked whether a change of the key is going to be told in the generation that was asked in; if not, another
 *     connection has answered, and the bytes must not be kept
 */
public record TrackedRead(Optional<byte[]> bytes, long pttlMillis, long sentAt, boolean isTracked) {

    /** What {@link #pttlMillis()} is for a key that is not there. */
    public static final long NO_KEY = -2;

    /** What {@link #pttlMillis()} is for a key without an end. */
    public static final long NO_END = -1;
}
