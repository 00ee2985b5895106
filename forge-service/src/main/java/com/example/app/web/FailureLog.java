package com.example.app.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** Logs each kind of failure at most once a minute, with the number of those in between, however many there are. */
public final class FailureLog {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Logger log;
    private final String what;
    private final LongSupplier nanoTime;
    private final Map<String, Repeats> kinds = new HashMap<>();

    /** {@code what} begins each line. */
    public FailureLog(Logger log, String what) {
        this(log, what, System::nanoTime);
    }

    FailureLog(Logger log, String what, LongSupplier nanoTime) {
        this.log = log;
        this.what = what;
        this.nanoTime = nanoTime;
    }

    /** For a failure of something that is away, which no stack trace explains. Its causes say what is away. */
    public void warn(Exception failure) {
        line(kind(failure)).ifPresent(line -> log.warn("{}: {}", line, withCauses(failure)));
    }

    // forge:begin redis
    /** For a failure that somebody has to repair; {@code reason} tells it from others of its class. */
    public void error(Object reason, Exception failure) {
        line(kind(failure) + reason).ifPresent(line -> log.error("{}: {}", line, failure.toString()));
    }
    // forge:end redis

    /** For a failure of the code itself. */
    public void errorWithStackTrace(Exception failure) {
        line(kind(failure)).ifPresent(line -> log.error(line, failure));
    }

    private static String withCauses(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(5)
                .map(Throwable::toString)
                .collect(Collectors.joining("; caused by "));
    }

    private synchronized Optional<String> line(String kind) {
        long now = nanoTime.getAsLong();
        Repeats known = kinds.get(kind);
        if (known != null && now - known.since < INTERVAL.toNanos()) {
            known.count++;
            return Optional.empty();
        }
        kinds.put(kind, new Repeats(now));
        return Optional.of(
                known == null || known.count == 0 ? what : what + " (and " + known.count + " others before it)");
    }

    /** The class and the place: not the message, which differs from request to request. */
    private static String kind(Exception failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return failure.getClass().getName() + (stack.length == 0 ? "" : stack[0]);
    }

    private static final class Repeats {
        private final long since;
        private int count;

        Repeats(long since) {
            this.since = since;
        }
    }
}
