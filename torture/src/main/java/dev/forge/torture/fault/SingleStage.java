package dev.forge.torture.fault;

import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import dev.forge.redis.test.ServerState;
import dev.forge.torture.fault.FaultKind.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One server behind a proxy, with a user whose password and permissions change. */
public final class SingleStage implements Stage {

    private static final String USER = "torture";
    private static final String ALL_CLIENTS = "10000";
    private static final Duration USUAL = Duration.ofSeconds(1);

    /** Only a probe detects that a peer is unresponsive, or that replies go to the wrong calls. */
    private static final Duration NOTICED = Duration.ofSeconds(3);

    private static final Duration CROWDED = Duration.ofSeconds(5);

    private static final String SCRIPT_MILLIS = "100";

    private final String[] passwords;
    private final EmbeddedRedis redis;
    private final FaultProxy proxy;
    private final ProxyFaults way;
    private volatile int password;
    private final @Nullable ServerClock clock;
    private @Nullable AdminLine line;
    private @Nullable ForeignScript script;

    /** Starts the server; the passwords alternate. The stage closes {@code clock}, if there is one. */
    public SingleStage(String firstPassword, String secondPassword, @Nullable ServerClock clock) {
        passwords = new String[] {firstPassword, secondPassword};
        this.clock = clock;
        EmbeddedRedis.Builder builder = EmbeddedRedis.builder().user(USER, firstPassword, "~*", "&*", "+@all");
        redis = clock == null ? builder.start() : clock.start(builder);
        proxy = FaultProxy.to(redis.port());
        way = new ProxyFaults(proxy);
    }

    @Override
    public RedisSettings settings() {
        return RedisSettings.builder(proxy.url())
                .login(RedisLogin.ofProvider(USER, () -> passwords[password]))
                .build();
    }

    @Override
    public void begin(Fault fault) {
        if (fault.kind().scene() == Scene.CLOCK) {
            jump(fault);
            return;
        }
        if (fault.kind().scene() != Scene.SERVER) {
            way.begin(fault.kind(), fault.millis(), fault.amount());
            return;
        }
        if (fault.second() != null) {
            way.begin(fault.second(), fault.millis(), fault.amount());
        }
        String millis = Integer.toString(fault.millis());
        switch (fault.kind()) {
            case FREEZE -> redis.freeze();
            case KILL_EMPTY -> redis.kill();
            case KILL_KEEPING -> {
                redis.command("CLIENT", "PAUSE", "5000", "WRITE");
                redis.command("SAVE");
                redis.kill();
            }
            case DEBUG_SLEEP -> redis.command("DEBUG", "SLEEP", Double.toString(fault.millis() / 1_000.0));
            case PAUSE_ALL -> redis.command("CLIENT", "PAUSE", millis, "ALL");
            case PAUSE_WRITES -> redis.command("CLIENT", "PAUSE", millis, "WRITE");
            case KILL_CLIENTS -> redis.command("CLIENT", "KILL", "TYPE", "normal");
            case MAX_CLIENTS -> crowd();
            case FLUSH_ALL -> redis.command("FLUSHALL");
            case FLUSH_SCRIPTS -> redis.command("SCRIPT", "FLUSH");
            case FOREIGN_SCRIPT -> {
                redis.command("CONFIG", "SET", "lua-time-limit", SCRIPT_MILLIS);
                script = ForeignScript.run(redis, fault.millis());
            }
            case EVICTION -> evict(fault.amount());
            case ROTATE_PASSWORD -> {
                redis.command("ACL", "SETUSER", USER, "resetpass", ">" + passwords[1 - password]);
                redis.command("CLIENT", "KILL", "USER", USER);
            }
            case REVOKE_ALL -> redis.command("ACL", "SETUSER", USER, "-@all");
            case REVOKE_WRITES -> redis.command("ACL", "SETUSER", USER, "-@write");
            default -> redis.enter(state(fault.kind()));
        }
    }

    @Override
    public void end(Fault fault) {
        if (fault.kind().scene() == Scene.CLOCK && clock != null) {
            clock.set(Duration.ZERO);
            return;
        }
        if (fault.kind().scene() != Scene.SERVER) {
            way.heal();
            return;
        }
        switch (fault.kind()) {
            case FREEZE -> redis.thaw();
            case KILL_EMPTY -> redis.restart();
            case KILL_KEEPING -> {
                redis.restart();
                removeDump();
            }
            case PAUSE_ALL, PAUSE_WRITES -> redis.command("CLIENT", "UNPAUSE");
            case MAX_CLIENTS -> letIn();
            case FOREIGN_SCRIPT -> {
                ForeignScript mine = script;
                if (mine != null) {
                    mine.await();
                }
                redis.command("CONFIG", "SET", "lua-time-limit", "5000");
            }
            case EVICTION -> {
                redis.command("CONFIG", "SET", "maxmemory", "0");
                redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
            }
            case ROTATE_PASSWORD -> {
                password = password == 0 ? 1 : 0;
                redis.command("CONFIG", "REWRITE");
            }
            case REVOKE_ALL, REVOKE_WRITES -> redis.command("ACL", "SETUSER", USER, "+@all");
            case DEBUG_SLEEP, KILL_CLIENTS, FLUSH_ALL, FLUSH_SCRIPTS -> {
                // Ends by itself.
            }
            default -> redis.recover();
        }
        way.heal();
    }

    @Override
    public void awaitReady() {
        // It is ready whenever a fault has ended.
    }

    @Override
    public EmbeddedRedis serverOf(String key) {
        return redis;
    }

    @Override
    public Duration recovery(FaultKind kind) {
        return switch (kind) {
            case MAX_CLIENTS -> CROWDED;
            case BLACK_HOLE_OPEN, CORRUPT_REPLY -> NOTICED;
            default -> USUAL;
        };
    }

    @Override
    public int connections() {
        return proxy.connections();
    }

    @Override
    public void close() {
        proxy.close();
        redis.close();
        if (clock != null) {
            clock.close();
        }
    }

    /** By up to ten minutes: longer than any lease, and shorter than the TTL of plain values. */
    private void jump(Fault fault) {
        if (clock == null) {
            throw new IllegalArgumentException(fault.kind() + " needs a clock");
        }
        Duration distance = Duration.ofSeconds(2 + fault.amount() * 600 / 1_000);
        clock.set(fault.kind() == FaultKind.CLOCK_BACK ? distance.negated() : distance);
    }

    /** Reduces the memory, so that some keys are evicted at once, and others as new ones come. */
    private void evict(int amount) {
        long used = memory("used_memory:");
        long data = memory("used_memory_dataset:");
        redis.command("CONFIG", "SET", "maxmemory-policy", amount % 2 == 0 ? "allkeys-random" : "allkeys-lru");
        redis.command("CONFIG", "SET", "maxmemory", Long.toString(used - data * (100 + amount / 2) / 1_000));
    }

    private long memory(String name) {
        return redis.command("INFO", "memory")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
                .sum();
    }

    private void crowd() {
        AdminLine mine = new AdminLine(redis.port());
        mine.send("CONFIG", "SET", "maxclients", "1");
        mine.send("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        line = mine;
    }

    private void letIn() {
        AdminLine mine = line;
        if (mine != null) {
            mine.send("CONFIG", "SET", "maxclients", ALL_CLIENTS);
            mine.close();
            line = null;
        }
    }

    private void removeDump() {
        String[] directory = redis.command("CONFIG", "GET", "dir").split("\\R", 2);
        try {
            Files.deleteIfExists(Path.of(directory[1], "dump.rdb"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerState state(FaultKind kind) {
        return switch (kind) {
            case OUT_OF_MEMORY -> ServerState.OOM;
            case MISCONF -> ServerState.MISCONF;
            case READ_ONLY -> ServerState.READONLY;
            case NO_REPLICAS -> ServerState.NOREPLICAS;
            case PRIMARY_DOWN -> ServerState.MASTERDOWN;
            case BUSY -> ServerState.BUSY;
            case LOADING -> ServerState.LOADING;
            default -> throw new IllegalArgumentException(kind + " does not happen to one server");
        };
    }
}
