package dev.forge.redis.test;

import dev.forge.redis.test.server.Directive;
import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.RedisConnection;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Puts a server into each {@link ServerState}, and returns the action that ends the state. */
final class StateRecipes {
    /** A port on which nothing listens. */
    private static final String UNUSED_PORT = "1";

    /** Enough for a minute and more; each takes longer than its nominal delay, because the system's sleep does. */
    private static final int LOADED_COMMANDS = 1_000_000;

    private static final String LOAD_MICROS = "10";

    private static final String SLOT = "0";

    private StateRecipes() {}

    /** The options that a server must be started with, to be able to enter the state. */
    static List<Directive> needs(ServerState state) {
        return state == ServerState.CLUSTERDOWN ? List.of(Directive.of("cluster-enabled", "yes")) : List.of();
    }

    /** Puts the server into the state; the returned action ends it, even after a restart. */
    static Runnable enter(ServerState state, EmbeddedRedis redis) {
        try {
            return switch (state) {
                case LOADING -> loading(redis);
                case MISCONF -> failedSave(redis);
                case OOM -> configured(redis, "maxmemory-policy", "noeviction", "maxmemory", "1");
                case READONLY -> replica(redis);
                case NOREPLICAS -> configured(redis, "min-replicas-max-lag", "10", "min-replicas-to-write", "1");
                case MASTERDOWN -> replicaThatIsStale(redis);
                case CLUSTERDOWN -> missingSlot(redis);
                case BUSY -> endlessScript(redis);
                case NOAUTH -> unknownPassword(redis);
            };
        } catch (IOException failure) {
            throw new EmbeddedRedisException(state + " could not be entered: " + failure.getMessage(), failure);
        }
    }

    /** Sets pairs of names and values; the returned action restores the old values. */
    private static Runnable configured(EmbeddedRedis redis, String... settings) {
        List<String[]> before = new ArrayList<>();
        for (int index = 0; index < settings.length; index += 2) {
            before.add(0, new String[] {settings[index], value(redis, settings[index])});
            redis.command("CONFIG", "SET", settings[index], settings[index + 1]);
        }
        return () -> before.forEach(setting -> redis.command("CONFIG", "SET", setting[0], setting[1]));
    }

    private static Runnable replica(EmbeddedRedis redis) {
        redis.command("REPLICAOF", "127.0.0.1", UNUSED_PORT);
        return () -> redis.command("REPLICAOF", "NO", "ONE");
    }

    private static Runnable replicaThatIsStale(EmbeddedRedis redis) {
        Runnable fresh = configured(redis, "replica-serve-stale-data", "no");
        Runnable alone = replica(redis);
        return () -> {
            alone.run();
            fresh.run();
        };
    }

    private static Runnable unknownPassword(EmbeddedRedis redis) {
        Runnable known = configured(redis, "requirepass", UUID.randomUUID().toString());
        redis.command("CLIENT", "KILL", "TYPE", "normal");
        return known;
    }

    /** A save fails if its file cannot be renamed. */
    private static Runnable failedSave(EmbeddedRedis redis) throws IOException {
        Path dump = dump(redis);
        boolean hadDump = Files.exists(dump);
        Runnable configured = configured(redis, "stop-writes-on-bgsave-error", "yes", "save", "86400 1");
        Path aside = dump.resolveSibling(dump.getFileName() + ".aside");
        if (hadDump) {
            Files.move(dump, aside);
        }
        Path obstacle = Files.createDirectories(dump.resolve("in-the-way"));
        redis.command("BGSAVE");
        awaitReply(redis, "rdb_last_bgsave_status:err", "INFO", "persistence");
        Files.delete(obstacle);
        Files.delete(dump);
        if (hadDump) {
            Files.move(aside, dump);
        }
        return () -> {
            redis.command("BGSAVE");
            awaitReply(redis, "rdb_last_bgsave_status:ok", "INFO", "persistence");
            configured.run();
            removeUnless(hadDump, dump);
        };
    }

    /** Loads the data, and then very many slow commands, between which it answers. */
    private static Runnable loading(EmbeddedRedis redis) throws IOException {
        if (value(redis, "appendonly").equals("yes")) {
            throw new IllegalStateException("A server with the option appendonly cannot be put into LOADING");
        }
        Path dump = dump(redis);
        boolean hadDump = Files.exists(dump);
        redis.command("SAVE");
        Path commands = dump.resolveSibling("loading.aof");
        Files.copy(dump, commands);
        long size = Files.size(commands);
        Files.writeString(commands, "*1\r\n$4\r\nPING\r\n".repeat(LOADED_COMMANDS), StandardOpenOption.APPEND);
        removeUnless(hadDump, dump);
        redis.restart(
                List.of(
                        Directive.of("appendonly", "yes"),
                        Directive.of("appendfilename", commands.getFileName().toString()),
                        Directive.of("key-load-delay", LOAD_MICROS)),
                "-LOADING");
        // Redis 7 moves the file to a directory.
        Path directory = dump.resolveSibling("appendonlydir");
        return () -> {
            // Redis 6 cannot be told to load faster, but truncating the file ends its loading.
            truncate(commands, size);
            truncate(directory.resolve(commands.getFileName()), size);
            awaitReply(redis, "loading:0", "INFO", "persistence");
            redis.command("CONFIG", "SET", "appendonly", "no");
            redis.command("CONFIG", "SET", "key-load-delay", "0");
            commands.toFile().delete();
            removeDirectory(directory);
        };
    }

    private static Runnable missingSlot(EmbeddedRedis redis) {
        if (!value(redis, "cluster-enabled").equals("yes")) {
            throw new IllegalStateException("The server is not in cluster mode: start it with state(CLUSTERDOWN), or"
                    + " with option(\"cluster-enabled\", \"yes\")");
        }
        if (redis.command("CLUSTER", "INFO").contains("cluster_slots_assigned:0")) {
            List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = 1; slot < HashSlot.COUNT; slot++) {
                command.add(Integer.toString(slot));
            }
            redis.command(command.toArray(String[]::new));
        } else {
            redis.command("CLUSTER", "DELSLOTS", SLOT);
        }
        awaitReply(redis, "cluster_state:fail", "CLUSTER", "INFO");
        return () -> {
            redis.command("CLUSTER", "ADDSLOTS", SLOT);
            awaitReply(redis, "cluster_state:ok", "CLUSTER", "INFO");
        };
    }

    private static Runnable endlessScript(EmbeddedRedis redis) throws IOException {
        Runnable patient = configured(redis, "lua-time-limit", "10");
        try (RedisConnection connection = redis.connect(Patience.DEFAULT)) {
            connection.send("EVAL", "while true do end", "0");
            awaitBusy(redis, true);
        }
        return () -> {
            if (isBusy(redis)) {
                redis.command("SCRIPT", "KILL");
                awaitBusy(redis, false);
            }
            patient.run();
        };
    }

    private static boolean isBusy(EmbeddedRedis redis) {
        try (RedisConnection connection = redis.connect(Patience.DEFAULT)) {
            return connection.call("PING").startsWith("-BUSY");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String value(EmbeddedRedis redis, String setting) {
        String reply = redis.command("CONFIG", "GET", setting);
        return reply.substring(reply.indexOf('\n') + 1);
    }

    private static Path dump(EmbeddedRedis redis) {
        return Path.of(value(redis, "dir"), value(redis, "dbfilename"));
    }

    private static void removeUnless(boolean hadDump, Path dump) {
        if (!hadDump) {
            dump.toFile().delete();
        }
    }

    private static void truncate(Path file, long size) {
        if (Files.exists(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(size);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Redis 7 keeps its append-only file in a directory. */
    private static void removeDirectory(Path directory) {
        File[] files = directory.toFile().listFiles();
        if (files != null) {
            Stream.of(files).forEach(File::delete);
        }
        directory.toFile().delete();
    }

    private static void awaitReply(EmbeddedRedis redis, String expected, String... command) {
        await(redis, () -> {
            Patience.require(redis.ask(command).contains(expected), "it is not yet " + expected);
            return expected;
        });
    }

    private static void awaitBusy(EmbeddedRedis redis, boolean expected) {
        await(redis, () -> {
            Patience.require(isBusy(redis) == expected, "it is " + (expected ? "not busy yet" : "still busy"));
            return expected;
        });
    }

    private static void await(EmbeddedRedis redis, Patience.Attempt<?> attempt) {
        Patience.await("Changing the state of " + redis.url(), Patience.DEFAULT, attempt);
    }
}
