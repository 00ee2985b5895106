package dev.forge.benchmarks.measure;

/** The work of one thread in a round. */
@FunctionalInterface
public interface Worker {

    /**
     * Calls the peer until {@link System#nanoTime()} has reached {@code deadline}, and waits for pending replies.
     *
     * @param latencies counts the latencies of the calls
     * @return the number of calls with the right value
     */
    long work(long deadline, Latencies latencies) throws Exception;
}
