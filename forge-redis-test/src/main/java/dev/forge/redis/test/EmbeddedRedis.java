package dev.forge.redis.test;

import dev.forge.redis.test.server.Directive;
import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.PortChoice;
import dev.forge.redis.test.server.RedisConnection;
import dev.forge.redis.test.server.ServerConfiguration;
import dev.forge.redis.test.server.ServerLaunch;
import dev.forge.redis.test.server.ServerLife;
import dev.forge.redis.test.tls.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A private, real Redis server for tests and development, on a port of 127.0.0.1 that was free.
 *
 * <p>It runs {@code redis-server} or {@code valkey-server} from the PATH if one of them works, else the bundled server.
 * The system property {@code forge.redis.test.server} (a path, or {@code bundled}) overrides that. It has a directory
 * of its own, reads no other configuration, and keeps nothing on disk unless an option says so. {@code DEBUG} is
 * allowed.
 *
 * <p>The server and its directory are removed by {@link #close}, and when the JVM ends in any way, {@code kill -9}
 * included (on Windows, only when it ends in an orderly way). They outlive the JVM's own shutdown hooks, so that an
 * application can still close its connections.
 *
 * <pre>{@code
 * try (EmbeddedRedis redis = EmbeddedRedis.start()) {
 *     connectTo(redis.url());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Methods that fail because of the server or the system throw {@link EmbeddedRedisException}; after
 * {@link #close}, those that need the server throw {@link IllegalStateException}.
 */
public final class EmbeddedRedis implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);

    private final ServerConfiguration configuration;
    private final ServerLife life;
    private final EnteredStates states = new EnteredStates();
    private final Thread hook = new Thread(this::closeUnlessWatched, "forge-redis-shutdown");

    private EmbeddedRedis(ServerLife life) {
        this.life = life;
        this.configuration = life.configuration();
    }

    /** Starts a server with the default settings; it answers when this returns. */
    public static EmbeddedRedis start() {
        return builder().start();
    }

    /** Starts a server with the default settings, and in a state in which it refuses commands. */
    public static EmbeddedRedis start(ServerState state) {
        return builder().state(state).start();
    }

    /** A builder, for a server with options. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port, with TLS if the server uses it; it stays the same when the server is restarted. */
    public int port() {
        return configuration.port();
    }

    /** The address: {@code redis://127.0.0.1:PORT}, with TLS {@code rediss://…}; without a user and password. */
    public String url() {
        return configuration.url();
    }

    /** The password that {@link Builder#password} has set for the default user; nothing if it needs none. */
    public Optional<String> password() {
        return configuration.lastOption("requirepass");
    }

    /** The certificate that a client must trust, in PEM; nothing if the server does not speak TLS. */
    public Optional<Path> authority() {
        return configuration.lastOption("tls-ca-cert-file").map(Path::of);
    }

    /** The version as the server's binary states it, such as {@code 7.0.15}; for Valkey, its own version. */
    public String version() {
        return configuration.binary().version();
    }

    /**
     * Sends a command on a connection of its own, as a user with all permissions whatever {@code requirepass} and the
     * other users are, and waits for the reply. It is meant for changes that a test makes to its server: {@code
     * command("CONFIG", "SET", "maxmemory", "1")}, {@code command("ACL", "DELUSER", "ada")}, {@code command("CLIENT",
     * "KILL", "TYPE", "normal")}. Blocks while the server is busy, for a minute at most.
     *
     * @return the reply as text: an array has each element on a line of its own, nil is empty
     * @throws EmbeddedRedisException if the server is dead or unresponsive, or its reply is an error
     */
    public String command(String... command) {
        synchronized (this) {
            life.requireOpen();
        }
        try {
            return RedisConnection.ask(configuration, COMMAND_LIMIT, command);
        } catch (IOException failure) {
            throw new EmbeddedRedisException(String.valueOf(failure.getMessage()), failure);
        }
    }

    /** Whether the server's process is alive; a frozen one is. */
    public synchronized boolean isRunning() {
        return life.isRunning();
    }

    /**
     * Freezes the server's process (SIGSTOP): connections stay open, nothing is answered. Does
     * nothing if it is frozen.
     *
     * @throws UnsupportedOperationException on Windows
     */
    public synchronized void freeze() {
        life.freeze();
    }

    /** Thaws a frozen server (SIGCONT); does nothing if it is not frozen. */
    public synchronized void thaw() {
        life.thaw();
    }

    /** Kills the server (SIGKILL), frozen or not; it has ended when this returns. Does nothing if it had already. */
    public synchronized void kill() {
        life.kill();
    }

    /**
     * Kills the server if it is running, and starts it again on the same port; it answers when this returns, and is
     * in no {@link ServerState}. It is empty, unless an option turned persistence on, and keeps what CONFIG REWRITE
     * has written.
     */
    public synchronized void restart() {
        life.restart();
        recover();
    }

    /** Restarts it with more options for this start only, and with another answer to PING. */
    synchronized void restart(List<Directive> more, String answer) {
        life.restart(more, answer);
    }

    /**
     * Puts the running server into a state in which it refuses commands; it is in that state when this returns. Does
     * nothing if it is in it already. A server can be in several states.
     *
     * @throws IllegalStateException if the server cannot enter the state
     */
    public synchronized void enter(ServerState state) {
        states.enter(state, this);
    }

    /** Ends every state that the server was put into, the last one first; all have ended when this returns. */
    public synchronized void recover() {
        states.leaveAll();
    }

    /** Kills the server and removes its directory, in a bounded time. Does nothing the second time. */
    @Override
    public synchronized void close() {
        if (life.isClosed()) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ignored) { // The JVM is shutting down, and this may be the hook.
        }
        life.close();
    }

    /**
     * Thaws or restarts the server if it is frozen or dead, and ends every state that it was put into; with {@code
     * flush} also removes all data.
     */
    public synchronized void reset(boolean flush) {
        life.revive();
        recover();
        if (flush) {
            command("FLUSHALL");
        }
    }

    /** Whether its process is alive and not frozen by this class, so that it may answer. */
    synchronized boolean isAwake() {
        return life.isAwake();
    }

    /** A new connection of a user with all permissions; {@code limit} as for {@link RedisConnection#open}. */
    RedisConnection connect(Duration limit) throws IOException {
        return RedisConnection.open(configuration, limit);
    }

    /** Like {@link #command}, but within a second, and for callers that retry: every failure is an IOException. */
    String ask(String... command) throws IOException {
        return RedisConnection.ask(configuration, ANSWER_LIMIT, command);
    }

    /** The arguments of AUTH for a user with all permissions here; empty if no login is needed. */
    List<String> credentials() {
        return configuration.credentials();
    }

    synchronized long pid() {
        return life.pid();
    }

    Path directory() {
        return life.directory();
    }

    private void closeUnlessWatched() {
        if (!life.isWatched()) {
            close();
        }
    }

    /** Collects the options of a server. Not thread-safe. */
    public static final class Builder {
        private final List<Directive> options = new ArrayList<>();
        private final List<Path> alongside = new ArrayList<>();
        private final List<ServerState> states = new ArrayList<>();
        private PortChoice ports = PortChoice.any();
        private boolean tls;

        private Builder() {}

        /**
         * Adds a directive of redis.conf, such as {@code option("maxmemory", "10mb")} or {@code option("save",
         * "60", "1")}. Each value is one argument, even with spaces and quotes. May be repeated.
         *
         * @throws IllegalArgumentException if it does not fit on one line, or this class sets the directive itself
         */
        public Builder option(String name, String... values) {
            options.add(ServerConfiguration.option(name, values));
            return this;
        }

        /**
         * Adds a user, with rules as {@code ACL SETUSER} has them: {@code user("ada", "secret", "~app:*", "+@read")}.
         * Without rules the user has no permissions. May be repeated. Needs Redis 6 or later.
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

        /** Requires a password for the default user. */
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
            return option("tls-cert-file", certificate.certificate().toString())
                    .option("tls-key-file", certificate.key().toString())
                    .option("tls-ca-cert-file", certificate.authority().toString())
                    .option("tls-auth-clients", "no");
        }

        /** Starts the server in a state in which it refuses commands: see {@link EmbeddedRedis#recover}. */
        public Builder state(ServerState state) {
            states.add(state);
            return options(StateRecipes.needs(state));
        }

        /** Sets the port; by default, a free one is found. */
        public Builder port(int port) {
            return ports(PortChoice.only(port));
        }

        /** Listens on a Unix domain socket too, which is removed with the server. */
        public Builder unixSocket(Path path) {
            Path absolute = path.toAbsolutePath();
            options.add(ServerConfiguration.unixSocket(absolute));
            alongside.add(absolute);
            return this;
        }

        /**
         * Starts the server; it answers when this returns, or no process and no file is left. Blocks for
         * some 50 ms, and at most 20 s.
         */
        public EmbeddedRedis start() {
            EmbeddedRedis redis = new EmbeddedRedis(new ServerLaunch(options, alongside, tls, ports).run());
            try {
                // The hook also keeps the object, and so the watchdog's pipe, from the garbage collector until close.
                Runtime.getRuntime().addShutdownHook(redis.hook);
                states.forEach(redis::enter);
                return redis;
            } catch (RuntimeException | Error failure) {
                redis.close();
                throw failure;
            }
        }

        Builder options(List<Directive> more) {
            options.addAll(more);
            return this;
        }

        Builder ports(PortChoice choice) {
            ports = choice;
            return this;
        }
    }
}
