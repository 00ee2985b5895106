package dev.forge.redis.test.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Waits until a launched server answers, and explains why it does not. */
final class Readiness {
    static final String PONG = "+PONG";

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(1);
    private static final Duration INTERVAL = Duration.ofMillis(2);
    private static final Duration SILENT = Duration.ofSeconds(1);
    private static final int LOG_LINES = 20;

    private final ServerConfiguration configuration;
    private final ServerProcess process;
    private final String expected;
    private String lastAnswer = "nothing";
    private String explanation = "";
    private long firstRefusal;

    Readiness(ServerConfiguration configuration, ServerProcess process) {
        this(configuration, process, PONG);
    }

    /** Waits for an answer to PING that begins with {@code expected}. */
    Readiness(ServerConfiguration configuration, ServerProcess process, String expected) {
        this.configuration = configuration;
        this.process = process;
        this.expected = expected;
    }

    /** Returns true as soon as the server answers. If it ends or does not answer in time, it is killed. */
    boolean await() {
        boolean ready = false;
        try {
            ready = answersInTime();
            return ready;
        } finally {
            if (!ready) {
                explanation = explain();
                process.kill();
            }
        }
    }

    /** Whether the server ended because it could not listen on its port. */
    boolean lostThePort() {
        // Each system words the error itself differently; this part comes from Redis.
        return !process.isAlive() && process.log().stream().anyMatch(line -> line.contains("listening socket"));
    }

    /** After {@link #await} returned false: what happened, and what to do. */
    EmbeddedRedisException failure() {
        return new EmbeddedRedisException(explanation);
    }

    private String explain() {
        List<String> log = process.log();
        String lastLines = log.stream()
                .skip(Math.max(0, log.size() - LOG_LINES))
                .map(line -> "    " + line)
                .collect(Collectors.joining("\n"));
        return configuration.binary().path() + " (version "
                + configuration.binary().version() + ") did not come up on"
                + " port " + configuration.port() + ": it "
                + (process.isAlive()
                        ? "did not answer PING within " + LIMIT.toSeconds() + " s, the last answer was: " + lastAnswer
                        : "ended with exit code " + process.exitCode())
                + ".\n" + advice(log) + "\nThe end of its log:\n" + lastLines;
    }

    private String advice(List<String> log) {
        if (lostThePort()) {
            return "Another program listens there, or it may not listen there: choose another port, or leave the choice"
                    + " to EmbeddedRedis.";
        }
        if (log.stream().anyMatch(line -> line.contains("CONFIG FILE ERROR"))) {
            return "Correct the option named below. A value is one argument: option(\"save\", \"60\", \"1\").";
        }
        return "Correct the options if the log blames one; to try the bundled server instead, set the system property "
                + ServerBinary.PROPERTY + "=bundled.";
    }

    private boolean answersInTime() {
        long start = System.nanoTime();
        while (process.isAlive() && System.nanoTime() - start < LIMIT.toNanos()) {
            if (answers() && process.isAlive()) {
                return true;
            }
            try {
                Thread.sleep(INTERVAL.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new EmbeddedRedisException("Interrupted while the server started", interrupted);
            }
        }
        return false;
    }

    private boolean answers() {
        try (RedisConnection connection = RedisConnection.open(configuration, PROBE_LIMIT)) {
            lastAnswer = connection.call("PING");
            if (requiresLogin(lastAnswer)) {
                return listens();
            }
            return lastAnswer.startsWith(expected) && isOurs(connection.call("INFO", "server"));
        } catch (IOException failure) {
            lastAnswer = String.valueOf(failure.getMessage());
            return false;
        }
    }

    /** Whether it is our server, and not another that was faster to bind the port and answers until ours has ended. */
    private boolean isOurs(String info) {
        if (requiresLogin(info)) {
            return listens();
        }
        if (info.contains("process_id:" + process.pid() + "\r\n")) {
            return true;
        }
        lastAnswer = "from a process other than " + process.pid()
                + ", the one that was started; a script in place of the server must exec it";
        return false;
    }

    /**
     * Whether our server listens, where the one that answers cannot be asked who it is. It says so in its log, or at a higher
     * log level, by still running: a server that cannot listen ends at once.
     */
    private boolean listens() {
        firstRefusal = firstRefusal == 0 ? System.nanoTime() : firstRefusal;
        return process.log().stream().anyMatch(line -> line.contains("eady to accept connections"))
                || System.nanoTime() - firstRefusal > SILENT.toNanos();
    }

    private static boolean requiresLogin(String answer) {
        return answer.startsWith("-NOAUTH") || answer.startsWith("-NOPERM");
    }
}
