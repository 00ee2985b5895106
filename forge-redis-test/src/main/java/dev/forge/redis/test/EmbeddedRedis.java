package dev.forge.redis.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A private, real Redis server for tests and development, on a port of 127.0.0.1 that was free.
 *
 * <p>It is {@code redis-server} or {@code valkey-server} from the PATH if there is one that runs, else the
 * one that is bundled; the system property {@code forge.redis.test.server} (a path, or {@code bundled})
 * decides otherwise. It has a directory of its own, reads nobody else's configuration, and keeps nothing on
 * disk unless an option says so. {@code DEBUG} is allowed.
 *
 * <p>The server and its directory are removed by {@link #close}, and when the JVM ends in any way, {@code
 * kill -9} included (on Windows, only when it ends in order). They outlive the JVM's own shutdown hooks, so
 * that an application can still close its connections.
 *
 * <pre>{@code
 * try (EmbeddedRedis redis = EmbeddedRedis.start()) {
 *     connectTo(redis.url());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Methods that fail because of the server or the system throw {@link EmbeddedRedisException};
 * all but {@link #close} throw {@link IllegalStateException} after it where they need the server.
 */
public final class EmbeddedRedis implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);

    private final ServerConfiguration configuration;
    private final ServerDirectory directory;
    private final Thread hook = new Thread(this::closeUnlessWatched, "forge-redis-shutdown");
    private final Map<ServerState, Runnable> states = new LinkedHashMap<>();
    private ServerProcess process;
    private boolean frozen;
    private boolean closed;

    private EmbeddedRedis(ServerConfiguration configuration, ServerDirectory directory, ServerProcess process) {
        this.configuration = configuration;
        this.directory = directory;
        this.process = process;
    }

    /** Starts a server with the default settings; it answers when this returns. */
    public static EmbeddedRedis start() {
        return builder().start();
    }

    /** Starts a server with the default settings, and in a state in which it refuses commands. */
    public static EmbeddedRedis start(ServerState state) {
        return builder().state(state).start();
    }

    /** The way to a server with options. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port, with TLS if the server has that; it stays the same when the server is restarted. */
    public int port() {
        return configuration.port();
    }

    /** The address: {@code redis://127.0.0.1:PORT}, with TLS {@code rediss://…}; without a user and password. */
    public String url() {
        return (configuration.isTls() ? "rediss" : "redis") + "://127.0.0.1:" + port();
    }

    /** The version as the server's binary states it, such as {@code 6.2.11}; for Valkey, that of Valkey. */
    public String version() {
        return configuration.binary().version();
    }

    /**
     * Sends a command on a connection of its own, as a user who may do everything whatever {@code requirepass} and
     * the other users are, and waits for the reply. It is meant for what a test does to its server: {@code
     * command("CONFIG", "SET", "maxmemory", "1")}, {@code command("ACL", "DELUSER", "ada")}, {@code command("CLIENT",
     * "KILL", "TYPE", "normal")}. Blocks while the server is busy, for a minute at most.
     *
     * @return the reply as text: an array has each element on a line of its own, nil is empty
     * @throws EmbeddedRedisException if the server is not there or silent, or its reply is an error
     */
    public String command(String... command) {
        synchronized (this) {
            requireOpen();
        }
        try {
            return ask(COMMAND_LIMIT, command);
        } catch (IOException failure) {
            throw new EmbeddedRedisException(String.valueOf(failure.getMessage()), failure);
        }
    }

    /** Whether the server's process is alive; a frozen one is. */
    public synchronized boolean isRunning() {
        return !closed && process.isAlive();
    }

    /**
     * Stops the server's process where it is (SIGSTOP): connections stay open, nothing is answered. Does
     * nothing if it is frozen.
     *
     * @throws UnsupportedOperationException on Windows
     */
    public synchronized void freeze() {
        signal("STOP");
        frozen = true;
    }

    /** Lets a frozen server go on (SIGCONT); does nothing if it is not frozen. */
    public synchronized void thaw() {
        signal("CONT");
        frozen = false;
    }

    /** Kills the server (SIGKILL), frozen or not; it has gone when this returns. Does nothing if it has already. */
    public synchronized void kill() {
        requireOpen();
        process.kill();
        frozen = false;
    }

    /**
     * Kills the server if it is running, and starts it again on the same port; it answers when this returns, and is
     * in no {@link ServerState}. It is empty, unless an option turned persistence on, and keeps what CONFIG REWRITE
     * has written.
     */
    public synchronized void restart() {
        restart(List.of(), Readiness.PONG);
        recover();
    }

    /** Does so with more options for this one time, and with another answer to PING. */
    synchronized void restart(List<Directive> more, String answer) {
        kill();
        process = ServerProcess.relaunch(configuration, directory, more);
        Readiness readiness = new Readiness(configuration, process, answer);
        if (!readiness.await()) {
            throw readiness.failure();
        }
    }

    /**
     * Puts the running server into a state in which it refuses commands; it is in it when this returns. Does nothing
     * if it is. A server can be in several.
     *
     * @throws IllegalStateException if the server is not one that can be
     */
    public synchronized void enter(ServerState state) {
        if (!states.containsKey(state)) {
            states.put(state, StateRecipes.enter(state, this));
        }
    }

    /** Takes the server out of every state that it was put into, the last one first; it is out when this returns. */
    public synchronized void recover() {
        List<ServerState> entered = new ArrayList<>(states.keySet());
        Collections.reverse(entered);
        entered.stream().map(states::remove).forEach(Runnable::run);
    }

    /** Kills the server and removes its directory, in a bounded time. Does nothing the second time. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ignored) { // The JVM is shutting down, and this may be the hook.
        }
        try (directory) {
            process.kill();
        }
    }

    /** Removes all data, and first brings the server back if it is frozen or dead. */
    synchronized void reset(boolean flush) {
        requireOpen();
        if (!process.isAlive()) {
            restart();
        } else if (frozen) {
            thaw();
        }
        recover();
        if (flush) {
            command("FLUSHALL");
        }
    }

    /** Whether its process is alive and not frozen here: whether it is worth a question. */
    synchronized boolean isAwake() {
        return isRunning() && !frozen;
    }

    /** A new connection of somebody who may do everything; {@code limit} as for {@link RedisConnection#open}. */
    RedisConnection connect(Duration limit) throws IOException {
        return RedisConnection.open(configuration, limit);
    }

    /** As {@link #command}, within a second, and for those who try again: every failure is an IOException. */
    String ask(String... command) throws IOException {
        return ask(ANSWER_LIMIT, command);
    }

    /** What AUTH takes, to be somebody who may do everything here; empty if that takes nothing. */
    List<String> credentials() {
        return configuration.credentials();
    }

    long pid() {
        return process.pid();
    }

    Path directory() {
        return directory.path();
    }

    private String ask(Duration limit, String... command) throws IOException {
        try (RedisConnection connection = connect(limit)) {
            return connection.text(command);
        } catch (IOException failure) {
            throw new IOException(command[0] + " on " + url() + " failed: " + failure.getMessage(), failure);
        }
    }

    private void signal(String name) {
        requireOpen();
        if (!Shell.isPresent()) {
            throw new UnsupportedOperationException("A server cannot be frozen on this system");
        }
        if (!process.isAlive()) {
            throw new IllegalStateException("The server on port " + port() + " is not running: restart() it first");
        }
        process.signal(name);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The server on port " + port() + " has been closed");
        }
    }

    private void closeUnlessWatched() {
        if (!directory.isWatched()) {
            close();
        }
    }

    /** Collects the options of a server. Not thread-safe. */
    public static final class Builder {
        /** The kernel's limit for the name of a socket is 104 bytes on macOS and 108 on Linux, with a zero at its end. */
        private static final int MAX_SOCKET_PATH = 103;

        private static final int PORT_ATTEMPTS = 20;

        private final List<Directive> options = new ArrayList<>();
        private final List<Path> alongside = new ArrayList<>();
        private IntSupplier ports = Builder::anyPort;
        private boolean tls;
        private final List<ServerState> states = new ArrayList<>();
        private int portAttempts = PORT_ATTEMPTS;

        private Builder() {}

        /**
         * Adds a directive of redis.conf, such as {@code option("maxmemory", "10mb")} or {@code option("save",
         * "60", "1")}. Each value is one argument, whatever spaces and quotes it has. May be repeated.
         *
         * @throws IllegalArgumentException if it does not fit on one line, or is a directive this class sets itself
         */
        public Builder option(String name, String... values) {
            options.add(ServerConfiguration.option(name, values));
            return this;
        }

        /**
         * Adds a user, with rules as {@code ACL SETUSER} has them: {@code user("ada", "secret", "~app:*", "+@read")}.
         * Without rules the user may do nothing. May be repeated. Needs Redis 6 or later.
         *
         * @throws IllegalArgumentException if {@code name} is {@code default}, whose password is {@link #password}
         */
        public Builder user(String name, String password, String... rules) {
            if (name.equals("default")) {
                throw new IllegalArgumentException("name must not be default: use password(…)");
            }
            Stream<String> arguments = Stream.concat(Stream.of(name, "on", ">" + password), Stream.of(rules));
            return option("user", arguments.toArray(String[]::new));
        }

        /** Requires a password of the default user, the one that names no user. */
        public Builder password(String password) {
            return option("requirepass", password);
        }

        /**
         * Speaks TLS on the port, with this certificate. Clients need none, unless {@code option("tls-auth-clients",
         * "yes")} follows. The server also listens without TLS, on a port that only {@link EmbeddedRedis} knows. Needs
         * a server that was built with TLS, as the bundled ones for Linux on amd64 are.
         */
        public Builder tls(TestCertificate certificate) {
            tls = true;
            options.add(Directive.of("tls-cert-file", certificate.certificate().toString()));
            options.add(Directive.of("tls-key-file", certificate.key().toString()));
            options.add(Directive.of("tls-ca-cert-file", certificate.authority().toString()));
            options.add(Directive.of("tls-auth-clients", "no"));
            return this;
        }

        /** Has the server start in a state in which it refuses commands: see {@link EmbeddedRedis#recover}. */
        public Builder state(ServerState state) {
            states.add(state);
            return options(StateRecipes.needs(state));
        }

        /** Sets the port; without it, a free one is found. */
        public Builder port(int port) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port must be from 1 to 65535, but was " + port);
            }
            return ports(() -> port, 1);
        }

        /** Listens on a Unix domain socket as well, which is removed with the server. */
        public Builder unixSocket(Path path) {
            Path absolute = path.toAbsolutePath();
            if (absolute.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH) {
                throw new IllegalArgumentException(
                        "unixSocket must be at most " + MAX_SOCKET_PATH + " bytes long, but was " + absolute);
            }
            options.add(Directive.of("unixsocket", absolute.toString()));
            alongside.add(absolute);
            return this;
        }

        /**
         * Starts the server; it answers when this returns, or no process and no file is left. Blocks for
         * some 50 ms, and 20 s at worst.
         */
        public EmbeddedRedis start() {
            ServerBinary binary = ServerBinary.find();
            ServerDirectory directory = ServerDirectory.create(alongside);
            try {
                EmbeddedRedis redis = startIn(directory, binary);
                // The hook also keeps the object, and so the watchdog's pipe, from the garbage collector until close.
                Runtime.getRuntime().addShutdownHook(redis.hook);
                enterStates(redis);
                return redis;
            } catch (RuntimeException | Error failure) {
                directory.close();
                throw failure;
            }
        }

        private void enterStates(EmbeddedRedis redis) {
            try {
                states.forEach(redis::enter);
            } catch (RuntimeException | Error failure) {
                redis.close();
                throw failure;
            }
        }

        private EmbeddedRedis startIn(ServerDirectory directory, ServerBinary binary) {
            String adminPassword = UUID.randomUUID().toString();
            for (int attempt = 1; ; attempt++) {
                int port = ports.getAsInt();
                ServerConfiguration configuration =
                        new ServerConfiguration(binary, port, tls ? portOtherThan(port) : port, options, adminPassword);
                ServerProcess process = ServerProcess.launch(configuration, directory);
                Readiness readiness = new Readiness(configuration, process);
                if (readiness.await()) {
                    return new EmbeddedRedis(configuration, directory, process);
                }
                if (!readiness.lostThePort() || attempt == portAttempts) {
                    throw readiness.failure();
                }
            }
        }

        Builder options(List<Directive> more) {
            options.addAll(more);
            return this;
        }

        Builder ports(IntSupplier candidates, int attempts) {
            ports = candidates;
            portAttempts = attempts;
            return this;
        }

        /**
         * A port below those that systems give to outgoing connections. Above, a client that keeps trying to
         * reach a killed server is one day given its port as its own, connects to itself, and keeps the
         * server from coming back. Add 10000, as a cluster node does, and it is still below.
         */
        static int anyPort() {
            return ThreadLocalRandom.current().nextInt(10_000, 22_000);
        }

        private static int portOtherThan(int port) {
            return IntStream.generate(Builder::anyPort)
                    .filter(other -> other != port)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
