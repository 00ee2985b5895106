package dev.forge.redis.test;

import java.nio.file.Path;
import java.util.List;

/**
 * The state of one server from its start until it is closed: frozen or not, alive or dead.
 *
 * <p>Not thread-safe: its {@link EmbeddedRedis} guards it.
 */
final class ServerLife {
    private final ServerConfiguration configuration;
    private final ServerDirectory directory;
    private ServerProcess process;
    private boolean frozen;
    private boolean closed;

    ServerLife(ServerConfiguration configuration, ServerDirectory directory, ServerProcess process) {
        this.configuration = configuration;
        this.directory = directory;
        this.process = process;
    }

    ServerConfiguration configuration() {
        return configuration;
    }

    boolean isRunning() {
        return !closed && process.isAlive();
    }

    boolean isAwake() {
        return isRunning() && !frozen;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether it ends by itself when this JVM ends. */
    boolean isWatched() {
        return directory.isWatched();
    }

    long pid() {
        return process.pid();
    }

    Path directory() {
        return directory.path();
    }

    void freeze() {
        signal("STOP");
        frozen = true;
    }

    void thaw() {
        signal("CONT");
        frozen = false;
    }

    void kill() {
        requireOpen();
        process.kill();
        frozen = false;
    }

    /** Returns when it gives this answer to PING; the options are for this start only. */
    void restart(List<Directive> more, String answer) {
        kill();
        process = ServerProcess.relaunch(configuration, directory, more);
        Readiness readiness = new Readiness(configuration, process, answer);
        if (!readiness.await()) {
            throw readiness.failure();
        }
    }

    /** Thaws or restarts it if it is frozen or dead. */
    void revive() {
        requireOpen();
        if (!process.isAlive()) {
            restart(List.of(), Readiness.PONG);
        } else if (frozen) {
            thaw();
        }
    }

    /** Ends it for good, and removes its directory. Called once. */
    void close() {
        closed = true;
        try (directory) {
            process.kill();
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The server on port " + configuration.port() + " has been closed");
        }
    }

    private void signal(String name) {
        requireOpen();
        if (!Shell.isPresent()) {
            throw new UnsupportedOperationException("A server cannot be frozen on this system");
        }
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "The server on port " + configuration.port() + " is not running: restart() it first");
        }
        process.signal(name);
    }
}
