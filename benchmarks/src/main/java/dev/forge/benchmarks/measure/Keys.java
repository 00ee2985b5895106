package dev.forge.benchmarks.measure;

import java.util.stream.IntStream;

/** The keys that all workloads use, and the value that each of them has. */
public final class Keys {
    /** The number of keys. */
    public static final int COUNT = 1_000;

    /** The first key; a constant, so that its use initialises no class. */
    public static final String FIRST = "bench:000000";

    /** 100 characters, each of one byte. */
    public static final String VALUE = "0123456789".repeat(10);

    private static final String[] ALL =
            IntStream.range(0, COUNT).mapToObj("bench:%06d"::formatted).toArray(String[]::new);

    private Keys() {}

    /** Returns a key; the same again after {@link #COUNT} others. */
    public static String at(long number) {
        return ALL[(int) (number % COUNT)];
    }

    static String[] all() {
        return ALL.clone();
    }
}
