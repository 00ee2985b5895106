package dev.forge.redis.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.script.LuaScript;

/** How permits are counted, and when they become free again. */
public enum Algorithm {
    /**
     * Each permit becomes free one period after it was taken. So no window of that length, wherever it begins, holds
     * more permits than the limit.
     *
     * <p>Exact to the microsecond for limits of up to 256 permits. A larger limit counts in 256 cells: a permit becomes
     * free up to a 256th of the period late, and never early. Redis stores 16 bytes for each permit or cell, so at most
     * 10 KB for a subject whatever the limit.
     *
     * <p>Redis stores when each permit was taken. A changed limit of the same period counts all of them.
     */
    SLIDING_WINDOW("sliding_window.lua", "w"),

    /**
     * Permits become free one by one, evenly over the period. After a pause, as many as the limit may be taken at once.
     * In any interval of length <i>t</i>, at most {@code permits * (1 + t / period)} are allowed.
     *
     * <p>Redis stores two numbers in 16 bytes. It is the generic cell rate algorithm of ITU-T I.371.
     *
     * <p>Redis stores how many permits the bucket lacks. A changed limit of the same period counts all of them, and
     * rounds a fraction of a permit up to a 256th. The bucket refills at the rate of the limit that last took a permit.
     */
    TOKEN_BUCKET("token_bucket.lua", "b"),

    /**
     * All permits become free at once, one period after the first of them was taken, rounded up to a whole millisecond.
     * Around the end of a window up to twice the limit may be allowed within a short time.
     *
     * <p>The cheapest algorithm: Redis stores how many permits were taken, until the window ends. A changed limit of the
     * same period counts all of them.
     */
    FIXED_WINDOW("fixed_window.lua", "c");

    private final String file;
    private final String letter;

    Algorithm(String file, String letter) {
        this.file = file;
        this.letter = letter;
    }

    /** Returns the script, which has the name of the algorithm: {@code decide.lua} is the end of all of them. */
    LuaScript script() {
        LuaScript whole = LuaScript.beside(Algorithm.class, file, "decide.lua");
        return LuaScript.of(file, new String(whole.source(), UTF_8));
    }

    /** Returns the suffix of a key, so that no algorithm and no period ever reads the state of another. */
    String suffix(Limit limit) {
        return letter + limit.periodMicros();
    }
}
