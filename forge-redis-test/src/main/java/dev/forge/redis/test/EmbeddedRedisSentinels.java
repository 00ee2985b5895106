package dev.forge.redis.test;

import static java.util.stream.Collectors.joining;

import dev.forge.redis.test.server.Directive;
import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.RedisConnection;
import dev.forge.redis.test.server.ServerConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A private, real primary with replicas under three Sentinels, for tests and development: each of them is an
 * {@link EmbeddedRedis}, and any can be frozen, thawed, killed and restarted.
 *
 * <p>The name of the primary is {@code mymaster}. When it has not replied for 1.5 s (see {@link Builder#downAfter}),
 * the sentinels agree on that and promote a replica; they name it to clients some 3 s after the outage began. An old
 * primary that comes back accepts writes for 8 to 20 s until the sentinels demote it, and those writes are lost.
 * {@link #demote} demotes it at once.
 *
 * <p>All processes are removed as one {@link EmbeddedRedis} is: by {@link #close}, and when the JVM ends in any
 * way.
 *
 * <pre>{@code
 * try (EmbeddedRedisSentinels sentinels = EmbeddedRedisSentinels.start()) {
 *     connectTo(sentinels.url());
 *     EmbeddedRedis old = sentinels.primary();
 *     old.kill();
 *     sentinels.awaitPrimaryOtherThan(old, Duration.ofMinutes(1));
 * }
 * }</pre>
 *
 * <p>Thread-safe. Methods that fail because of a server or the system throw {@link EmbeddedRedisException}, and
 * {@link IllegalStateException} after {@link #close}.
 */
public final class EmbeddedRedisSentinels implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration FAILOVER_PATIENCE = Duration.ofMinutes(1);

    private final ServerGroup group;
    private final List<EmbeddedRedis> nodes;
    private final List<EmbeddedRedis> sentinels;
    private final SentinelTrio trio;

    private EmbeddedRedisSentinels(ServerGroup group, List<EmbeddedRedis> nodes, List<EmbeddedRedis> sentinels) {
        this.group = group;
        this.nodes = List.copyOf(nodes);
        this.sentinels = List.copyOf(sentinels);
        this.trio = new SentinelTrio(group, this.nodes, this.sentinels);
    }

    /** Starts a primary, a replica and three sentinels, with the default options; see {@link Builder#start}. */
    public static EmbeddedRedisSentinels start() {
        return builder().start();
    }

    /** A builder, for more replicas, options and a password. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The address of the sentinels: {@code redis-sentinel://127.0.0.1:PORT,…#mymaster}, without a password; or that of
     * their proxies, if they are {@linkplain Builder#behindProxies behind proxies}.
     */
    public String url() {
        return sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + group.portOf(sentinel))
                .collect(joining(",", "redis-sentinel://", "#" + SentinelView.PRIMARY));
    }

    /** The primary and its replicas, always in the same order, whichever is the primary now. */
    public List<EmbeddedRedis> nodes() {
        return nodes;
    }

    /** The three sentinels. */
    public List<EmbeddedRedis> sentinels() {
        return sentinels;
    }

    /**
     * The proxy in front of a node or a sentinel, for faults on the way to it.
     *
     * @throws IllegalStateException if they were not started {@linkplain Builder#behindProxies behind proxies}
     */
    public FaultProxy proxyOf(EmbeddedRedis server) {
        return group.proxyOf(server);
    }

    /**
     * The node that most of the sentinels that answer name now; a dead primary is still named for some time. Waits
     * while they disagree.
     */
    public EmbeddedRedis primary() {
        return Patience.await("Asking the sentinels for the primary", Patience.DEFAULT, trio::named);
    }

    /** The nodes other than {@link #primary}, dead or alive. */
    public List<EmbeddedRedis> replicas() {
        EmbeddedRedis primary = primary();
        return nodes.stream().filter(node -> node != primary).toList();
    }

    /**
     * Waits until all sentinels that answer name a primary other than {@code old}, and it accepts writes.
     *
     * @return the other primary
     * @throws EmbeddedRedisException if that takes longer than {@code limit}; the message says what is missing
     */
    public EmbeddedRedis awaitPrimaryOtherThan(EmbeddedRedis old, Duration limit) {
        return Patience.await("Waiting for a primary other than " + old.url(), limit, () -> {
            EmbeddedRedis primary = trio.unanimous();
            Patience.require(primary != old, "the sentinels still name it");
            SentinelTrio.requireWritable(primary);
            return primary;
        });
    }

    /**
     * Waits until a failover is possible: the primary accepts writes, every other node that is alive has its data, at
     * least one if there is one, and every sentinel that is alive knows all of these and the other sentinels, and
     * has a majority.
     *
     * <p>If an old primary has come back, this waits until the sentinels demote it. Use {@link #demote} to avoid that
     * wait.
     *
     * @throws EmbeddedRedisException if that takes longer than {@code limit}; the message says what is missing
     */
    public void awaitReady(Duration limit) {
        Patience.await("Waiting until a failover is possible", limit, () -> {
            trio.requireReady();
            return this;
        });
    }

    /**
     * Makes a node a replica of the primary that the sentinels name now, and closes the connections of its clients.
     * The sentinels do the same to an old primary some 8 to 20 s after it has come back. Writes that only this node
     * received are lost.
     */
    public void demote(EmbeddedRedis node) {
        EmbeddedRedis primary = primary();
        if (node == primary) {
            throw new IllegalArgumentException("node must not be the primary, but was " + node.url());
        }
        try (RedisConnection connection = node.connect(LIMIT)) {
            connection.call("MULTI");
            connection.call("REPLICAOF", "127.0.0.1", Integer.toString(group.portOf(primary)));
            connection.call("CONFIG", "REWRITE");
            connection.call("CLIENT", "KILL", "TYPE", "normal");
            connection.call("CLIENT", "KILL", "TYPE", "pubsub");
            List<String> answers = connection.list("EXEC");
            Patience.require(answers.get(0).equals("OK"), "it answered " + answers);
        } catch (IOException failure) {
            throw new EmbeddedRedisException("Demoting " + node.url() + " failed: " + failure.getMessage(), failure);
        }
    }

    /**
     * Makes the sentinels promote a replica although nothing has failed (SENTINEL FAILOVER). Waits for a minute at most:
     * sentinels that have noticed a pause of their machine promote none for 30 s.
     *
     * @return the new primary, once all sentinels that answer name it and it accepts writes
     */
    public EmbeddedRedis failOver() {
        EmbeddedRedis old = primary();
        Patience.await("Starting a failover", FAILOVER_PATIENCE, () -> {
            Patience.require(!trio.awake().isEmpty(), "no sentinel is alive");
            return trio.awake().get(0).ask("SENTINEL", "FAILOVER", SentinelView.PRIMARY);
        });
        return awaitPrimaryOtherThan(old, FAILOVER_PATIENCE);
    }

    /** Removes all processes as {@link EmbeddedRedis#close} does. Does nothing the second time. */
    @Override
    public void close() {
        group.close();
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private static final List<String> RESERVED =
                List.of("replicaof", "slaveof", "masterauth", "masteruser", "requirepass");

        private final List<Directive> options = new ArrayList<>();
        private final List<Directive> logins = new ArrayList<>();
        private final List<Directive> sentinelLogins = new ArrayList<>();
        private Duration downAfter = Duration.ofMillis(1_500);
        private int replicas = 1;
        private boolean proxies;

        private Builder() {}

        /** Sets the number of replicas; the default is 1. */
        public Builder replicas(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("replicas must be at least 0, but was " + count);
            }
            replicas = count;
            return this;
        }

        /** Sets how long a server must fail to reply to be regarded as down; the default is 1.5 s. */
        public Builder downAfter(Duration time) {
            if (time.toMillis() < 1) {
                throw new IllegalArgumentException("downAfter must be at least 1 ms, but was " + time);
            }
            downAfter = time;
            return this;
        }

        /** Sets the password of the primary and its replicas; the sentinels have none. */
        public Builder password(String password) {
            login(password, List.of(Directive.of("masterauth", password)), List.of(sentinel("auth-pass", password)));
            return this;
        }

        /** Sets the only user of the primary and its replicas, who has all permissions. */
        public Builder user(String name, String password) {
            String unknownPassword =
                    HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            login(
                    unknownPassword,
                    List.of(
                            Directive.of("user", name, "on", ">" + password, "~*", "&*", "+@all"),
                            Directive.of("masteruser", name),
                            Directive.of("masterauth", password)),
                    List.of(sentinel("auth-user", name), sentinel("auth-pass", password)));
            return this;
        }

        /**
         * Adds a directive for the primary and its replicas, as {@link EmbeddedRedis.Builder#option} does.
         *
         * @throws IllegalArgumentException if it does not fit on one line, or this class sets the directive itself
         */
        public Builder option(String name, String... values) {
            Directive option = ServerConfiguration.option(name, values);
            if (RESERVED.stream().anyMatch(option::is)) {
                throw new IllegalArgumentException(
                        "option must not be " + name + ", which is set here; use password(…) or user(…)");
            }
            options.add(option);
            return this;
        }

        /**
         * Puts a {@link FaultProxy} in front of each node and each sentinel: see
         * {@link EmbeddedRedisSentinels#proxyOf}. The nodes announce its port, so that clients, replicas and sentinels
         * use the proxy: with a fault in front of the primary, the sentinels promote another node while the primary
         * keeps running. Sentinels talk to each other without the proxies.
         */
        public Builder behindProxies() {
            proxies = true;
            return this;
        }

        /**
         * Starts all processes; they are as {@link #awaitReady} describes when this returns, or no process and no file
         * is left. Blocks for about a second.
         */
        public EmbeddedRedisSentinels start() {
            ServerGroup group = new ServerGroup();
            try {
                List<EmbeddedRedis> nodes = new ArrayList<>();
                nodes.add(start(group, node()));
                EmbeddedRedis primary = nodes.get(0);
                Directive follow = Directive.of("replicaof", "127.0.0.1", Integer.toString(group.portOf(primary)));
                for (int count = 0; count < replicas; count++) {
                    EmbeddedRedis replica = start(group, node().options(List.of(follow)));
                    nodes.add(replica);
                    // The sentinels ask the primary for its replicas once, and then every 10 s.
                    Patience.await("Starting a replica", Patience.DEFAULT, () -> {
                        SentinelTrio.requireInSync(group, replica, primary);
                        return replica;
                    });
                }
                List<EmbeddedRedis> sentinels =
                        new SentinelStart(group, proxies, group.portOf(primary), sentinelOptions()).start();
                EmbeddedRedisSentinels started = new EmbeddedRedisSentinels(group, nodes, sentinels);
                started.awaitReady(Patience.DEFAULT);
                return started;
            } catch (RuntimeException | Error failure) {
                group.close();
                throw failure;
            }
        }

        private EmbeddedRedis start(ServerGroup group, EmbeddedRedis.Builder node) {
            return proxies
                    ? group.startBehindProxy(
                            node,
                            port -> List.of(
                                    Directive.of("replica-announce-ip", "127.0.0.1"),
                                    Directive.of("replica-announce-port", Integer.toString(port))))
                    : group.start(node);
        }

        private EmbeddedRedis.Builder node() {
            return EmbeddedRedis.builder()
                    .options(List.of(Directive.of("repl-diskless-sync-delay", "0")))
                    .options(logins)
                    .options(options);
        }

        private List<Directive> sentinelOptions() {
            Directive time = sentinel("down-after-milliseconds", Long.toString(downAfter.toMillis()));
            return Stream.concat(Stream.of(time), sentinelLogins.stream()).toList();
        }

        private void login(String defaultPassword, List<Directive> ofNodes, List<Directive> ofSentinels) {
            logins.clear();
            logins.add(Directive.of("requirepass", defaultPassword));
            logins.addAll(ofNodes);
            sentinelLogins.clear();
            sentinelLogins.addAll(ofSentinels);
        }

        private static Directive sentinel(String name, String value) {
            return Directive.of("sentinel", name, SentinelView.PRIMARY, value);
        }
    }
}
