package dev.forge.redis.ratelimit;

import dev.forge.redis.script.LuaScript;

/** How permits come back. */
public enum Algorithm {
    /**
     * Each permit comes back one period after it was taken, so that no window of that length, wherever it begins, holds more
     * than the limit.
     *
     * <p>Exact to the microsecond for limits of up to 256 permits. A larger limit counts in 256 cells: a permit comes back up to
     * a 256th of the period late, and never early. Redis keeps 16 bytes for each permit or cell, so at most 10 KB for a subject
     * whatever the limit.
     *
     * <p>Redis keeps when each permit was taken. A changed limit of the same period counts all of them.
     */
    SLIDING_WINDOW("sliding_window.lua", "w"),

    /**
     * Permits come back one by one, evenly over the period; as many as the limit may be taken at once after a pause. In any
     * time <i>t</i> at most {@code permits * (1 + t / period)} are allowed.
     *
     * <p>The cheapest: Redis keeps two numbers in 16 bytes. It is the generic cell rate algorithm of ITU-T I.371.
     *
     * <p>Redis keeps how many permits are owed. A changed limit of the same period counts all of them, and rounds a fraction of one
     * up to a 256th. They come back at the pace of the limit that was taken from last.
     */
    TOKEN_BUCKET("token_bucket.lua", "b"),

    /**
     * All permits come back at once, one period after the first of them was taken. Around the end of a window up to twice the
     * limit may be allowed within a short time.
     *
     * <p>Redis keeps how many permits were taken and when the window ends. A changed limit of the same period counts all of them.
     */
    FIXED_WINDOW("fixed_window.lua", "f");

    private final String file;
    private final String letter;

    Algorithm(String file, String letter) {
        this.file = file;
        this.letter = letter;
    }

    LuaScript script() {
        return LuaScript.beside(Algorithm.class, file);
    }

    /** Returns what ends the key of a count, so that no algorithm and no period ever finds the state of another. */
    String suffix(Limit limit) {
        return letter + limit.periodMicros();
    }
}
