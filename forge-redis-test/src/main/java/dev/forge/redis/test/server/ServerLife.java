package dev.forge.redis.test.server;

import java.nio.file.Path;
import java.util.List;

/**
 * The state of one server from its start until it is closed: frozen or not, alive or dead. Internal.
 *
 * <p>Not thread-safe: its {@code EmbeddedRedis} guards it.
 */
public final class ServerLife {
    private final ServerConfiguration configuration;
    private final ServerDirectory directory;
    private final HeldPorts held = new HeldPorts();
    private ServerProcess process;
    private boolean frozen;
    private boolean closed;

    ServerLife(ServerConfiguration configuration, ServerDirectory directory, ServerProcess process) {
        this.configuration = configuration;
        this.directory = directory;
        this.process = process;
    }

    /** How it was started. */
    public ServerConfiguration configuration() {
        return configuration;
    }

    /** Whether its process is alive; a frozen one is. */
    public boolean isRunning() {
        return !closed && process.isAlive();
    }

    /** Whether its process is alive and not frozen. */
    public boolean isAwake() {
        return isRunning() && !frozen;
    }

    /** Whether it has been closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether it ends by itself when this JVM ends. */
    public boolean isWatched() {
        return directory.isWatched();
    }

    /** The id of its process. */
    public long pid() {
        return process.pid();
    }

    /** Its directory, with its configuration, log and data. */
    public Path directory() {
        return directory.path();
    }

    /** Stops its process; it keeps its connections. */
    public void freeze() {
        signal("STOP");
        frozen = true;
    }

    /** Continues its process. */
    public void thaw() {
        signal("CONT");
        frozen = false;
    }

    /** Kills its process, frozen or not. Its ports stay its own, and refuse connections. */
    public void kill() {
        end();
        held.hold(configuration.ports());
    }

    /** Kills it if it is running, and starts it again; returns when it answers. */
    public void restart() {
        restart(List.of(), Readiness.PONG);
    }

    /** Returns when it gives this answer to PING; the options are for this start only. */
    public void restart(List<Directive> more, String answer) {
        end();
        held.close();
        process = ServerProcess.relaunch(configuration, directory, more);
        Readiness readiness = new Readiness(configuration, process, answer);
        if (!readiness.await()) {
            throw readiness.failure();
        }
    }

    /** Thaws or restarts it if it is frozen or dead. */
    public void revive() {
        requireOpen();
        if (!process.isAlive()) {
            restart();
        } else if (frozen) {
            thaw();
        }
    }

    /** Ends it for good, and removes its directory. Called once. */
    public void close() {
        closed = true;
        try (directory;
                held) {
            process.kill();
        }
    }

    /** Throws {@link IllegalStateException} if it has been closed. */
    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The server on port " + configuration.port() + " has been closed");
        }
    }

    private void end() {
        requireOpen();
        process.kill();
        frozen = false;
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
