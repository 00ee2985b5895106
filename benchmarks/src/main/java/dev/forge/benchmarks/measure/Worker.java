package dev.forge.benchmarks.measure;

/** What one thread does in a round. */
@FunctionalInterface
public interface Worker {

    /**
     * Calls the peer until {@link System#nanoTime()} has reached {@code deadline}, and waits for what it has sent.
     *
     * @param latencies where to count how long the calls took
     * @return how many calls were answered with the right value
     */
    long work(long deadline, Latencies latencies) throws Exception;
}
