package dev.forge.redis.test.server;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One run of a server in its directory, from launch to end. */
final class ServerProcess {
    private static final int SIGNAL_SECONDS = 5;

    private final Process process;
    private final Path log;
    private final Thread waiting;

    private ServerProcess(Process process, ServerDirectory directory) {
        this.process = process;
        this.log = directory.file("log");
        // A thread of its own: Process.onExit uses the common pool, which tests may have blocked.
        this.waiting = new Thread(() -> awaitExit(directory), "embedded-redis-exit-" + process.pid());
        waiting.setDaemon(true);
        waiting.start();
    }

    private void awaitExit(ServerDirectory directory) {
        while (true) {
            try {
                process.waitFor();
                directory.unwatch();
                return;
            } catch (InterruptedException interrupted) { // The process is still alive.
            }
        }
    }

    /** Launches the server with a new redis.conf; does not wait until it is ready. */
    static ServerProcess launch(ServerConfiguration configuration, ServerDirectory directory) {
        configuration.writeTo(directory);
        return run(configuration.command(List.of()), directory);
    }

    /** Launches it again, with its redis.conf, which it may have rewritten, and more options for this start only. */
    static ServerProcess relaunch(ServerConfiguration configuration, ServerDirectory directory, List<Directive> more) {
        configuration.writeIfMissing(directory);
        return run(configuration.command(more), directory);
    }

    private static ServerProcess run(List<String> server, ServerDirectory directory) {
        List<String> command = Shell.isPresent() ? Shell.detached("launch.sh", server) : server;
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.file("log").toFile());
        // Since 7.2 a server uses the locale of its environment, and ends if that is not installed.
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            // The script waits for this line, so that no server ever runs unknown to the watchdog.
            try (OutputStream go = process.getOutputStream()) {
                directory.watch(process.pid());
                go.write('\n');
            }
            return new ServerProcess(process, directory);
        } catch (IOException failure) {
            throw new EmbeddedRedisException(
                    server.get(0) + " could not be launched: " + failure.getMessage(), failure);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Everything it has logged so far. */
    List<String> log() {
        try {
            return Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        } catch (IOException noLog) {
            return List.of();
        }
    }

    /** Sends STOP or CONT. */
    void signal(String name) {
        String failed = "Signal " + name + " could not be sent to process " + pid();
        try {
            Process shell = new ProcessBuilder(Shell.signal(name, pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            shell.getOutputStream().close();
            if (!shell.waitFor(SIGNAL_SECONDS, SECONDS) || shell.exitValue() != 0) {
                shell.destroyForcibly();
                throw new EmbeddedRedisException(failed);
            }
        } catch (IOException failure) {
            throw new EmbeddedRedisException(failed, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EmbeddedRedisException(failed, interrupted);
        }
    }

    /** Kills it, frozen or not, and the process that it forked to save; waits a bounded time until it has ended. */
    void kill() {
        List<ProcessHandle> forks = process.descendants().toList();
        process.destroyForcibly();
        forks.forEach(ProcessHandle::destroyForcibly);
        try {
            waiting.join(SECONDS.toMillis(SIGNAL_SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        }
        if (waiting.isAlive()) {
            throw new EmbeddedRedisException("Process " + pid() + " has not ended although it was killed");
        }
    }
}
