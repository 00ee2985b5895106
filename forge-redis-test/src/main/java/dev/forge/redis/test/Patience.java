package dev.forge.redis.test;

import dev.forge.redis.test.server.EmbeddedRedisException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Waits for several servers to agree, in a bounded time, and reports what is missing. */
final class Patience {
    /** For actions that take servers milliseconds, or a few seconds if they have to vote. */
    static final Duration DEFAULT = Duration.ofSeconds(20);

    private static final long INTERVAL_MILLIS = 10;

    private Patience() {}

    /** The condition to wait for. */
    @FunctionalInterface
    interface Attempt<T> {
        /** Returns the result, or throws {@link NotYet} with what is missing. */
        T now() throws IOException;
    }

    /** The condition is not met yet; the message says what is missing. */
    static final class NotYet extends IOException {
        private static final long serialVersionUID = 1;

        NotYet(String message) {
            super(message);
        }
    }

    /** Throws unless {@code condition} already holds. */
    static void require(boolean condition, String otherwise) throws NotYet {
        if (!condition) {
            throw new NotYet(otherwise);
        }
    }

    /**
     * Tries until it succeeds.
     *
     * @throws EmbeddedRedisException after {@code limit}: {@code goal} was not reached, because of the last failure
     */
    static <T> T await(String goal, Duration limit, Attempt<T> attempt) {
        long start = System.nanoTime();
        while (true) {
            IOException last;
            try {
                return attempt.now();
            } catch (IOException failure) {
                last = failure;
            }
            if (System.nanoTime() - start >= limit.toNanos()) {
                throw new EmbeddedRedisException(
                        goal + " took longer than " + limit.toMillis() + " ms: " + last.getMessage(), last);
            }
            pause(goal);
        }
    }

    /** The answer, or empty if the server does not give one. */
    static <T> Optional<T> ask(Attempt<T> question) {
        try {
            return Optional.of(question.now());
        } catch (IOException unanswered) {
            return Optional.empty();
        }
    }

    private static void pause(String goal) {
        try {
            Thread.sleep(INTERVAL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EmbeddedRedisException(goal + " was interrupted", interrupted);
        }
    }
}
