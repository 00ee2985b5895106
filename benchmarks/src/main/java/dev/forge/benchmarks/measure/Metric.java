package dev.forge.benchmarks.measure;

/** The metrics, in the order of the columns. */
public enum Metric {
    /** Calls answered in a second. */
    OPERATIONS("ops/s", 0, true, true),
    /** Time of one thread for a call. */
    NANOS("ns/op", 1, false, true),
    /** Half of the calls took at most this long. */
    P50("p50 us", 1, false, false),
    /** All but one in a hundred of the calls took at most this long. */
    P99("p99 us", 1, false, true),
    /** The longest call. */
    MAX("max us", 0, false, false),
    /** Calls answered in a second on the thread that sends batches. */
    BATCHED("batched ops/s", 0, true, true),
    /** CPU time of this process for a call, including the garbage collector and the compiler. */
    CPU("client CPU us/op", 2, false, false),
    /** What all threads allocated for a call. */
    ALLOCATED("B/op", 0, false, false),
    /** Socket reads of the server for a call: below one, it received several calls at once. */
    READS("server reads/op", 3, false, false),
    /** Connections of the library after its warm-up. */
    CONNECTIONS("connections", 0, false, false),
    /** Calls that returned the value. */
    ANSWERED("answered", 0, true, false),
    /** Calls that failed, by an exception or through their future. */
    FAILED("failed", 0, false, false),
    /** From the first call until all have ended. */
    DRAINED("all ended after ms", 0, false, true),
    /** Number of loader runs. */
    LOADS("loads", 0, false, false),
    /** The slowest look-up of another key meanwhile. */
    OTHER("another key ms", 1, false, false),
    /** The longest that another client waited for the answer to PING meanwhile. */
    WORST_PING("worst PING ms", 1, false, true),
    /** Connections that were opened again meanwhile. */
    RECONNECTS("reconnects", 0, false, false),
    /** Heap that unanswered calls hold. */
    HELD("heap held MiB", 1, false, true),
    /** From the first line of {@code main} to the first answer. */
    STARTED("main() to first answer ms", 0, false, true),
    /** The resident memory of the process after the first answer. */
    RESIDENT("RSS MiB", 1, false, true),
    /** The live threads of the process after the first answer. */
    THREADS("threads", 0, false, false);

    private final String title;
    private final int decimals;
    private final boolean moreIsBetter;
    private final boolean compared;

    Metric(String title, int decimals, boolean moreIsBetter, boolean compared) {
        this.title = title;
        this.decimals = decimals;
        this.moreIsBetter = moreIsBetter;
        this.compared = compared;
    }

    /** Returns the name with its unit. */
    public String title() {
        return title;
    }

    /** Returns the number of significant decimals. */
    public int decimals() {
        return decimals;
    }

    /** Returns whether a higher number is better. */
    public boolean moreIsBetter() {
        return moreIsBetter;
    }

    /** Returns whether the report shows the ratio to the baseline. */
    public boolean compared() {
        return compared;
    }
}
