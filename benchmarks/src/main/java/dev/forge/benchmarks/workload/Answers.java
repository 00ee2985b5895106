package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.peer.AsyncPeer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Consumes the replies, so that neither the compiler nor a peer can skip any work. */
final class Answers {
    private static final long LONGEST_WAIT_SECONDS = 60;

    private Answers() {}

    /** Waits for the reply to a get; returns the length of the value. */
    static int take(AsyncPeer peer, Future<?> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        return peer.value(answer.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)).length();
    }

    /** Fails unless {@code calls} replies have the right total length. */
    static void check(long calls, long length) {
        if (length != calls * Keys.VALUE.length()) {
            throw new IllegalStateException(calls + " calls gave " + length + " characters in all");
        }
    }
}
