package dev.forge.redis.internal.health;

import static dev.forge.redis.internal.protocol.Command.CLIENT;
import static dev.forge.redis.internal.protocol.Command.CLUSTER;
import static dev.forge.redis.internal.protocol.Command.DEL;
import static dev.forge.redis.internal.protocol.Command.EVAL;
import static dev.forge.redis.internal.protocol.Command.EVALSHA;
import static dev.forge.redis.internal.protocol.Command.EXISTS;
import static dev.forge.redis.internal.protocol.Command.GET;
import static dev.forge.redis.internal.protocol.Command.HDEL;
import static dev.forge.redis.internal.protocol.Command.HGET;
import static dev.forge.redis.internal.protocol.Command.HGETALL;
import static dev.forge.redis.internal.protocol.Command.HMGET;
import static dev.forge.redis.internal.protocol.Command.HSET;
import static dev.forge.redis.internal.protocol.Command.INFO;
import static dev.forge.redis.internal.protocol.Command.MGET;
import static dev.forge.redis.internal.protocol.Command.PEXPIRE;
import static dev.forge.redis.internal.protocol.Command.PEXPIREAT;
import static dev.forge.redis.internal.protocol.Command.PING;
import static dev.forge.redis.internal.protocol.Command.PTTL;
import static dev.forge.redis.internal.protocol.Command.ROLE;
import static dev.forge.redis.internal.protocol.Command.SCAN;
import static dev.forge.redis.internal.protocol.Command.SET;
import static dev.forge.redis.internal.protocol.Command.SETRANGE;
import static dev.forge.redis.internal.protocol.Command.TIME;
import static dev.forge.redis.internal.protocol.Command.UNLINK;
import static dev.forge.redis.internal.protocol.Command.ZADD;
import static dev.forge.redis.internal.protocol.Command.ZCOUNT;
import static dev.forge.redis.internal.protocol.Command.ZRANGE;
import static dev.forge.redis.internal.protocol.Command.ZREM;
import static dev.forge.redis.internal.protocol.Command.ZREMRANGEBYSCORE;
import static dev.forge.redis.internal.protocol.Command.ZSCORE;

import dev.forge.redis.health.Finding;
import dev.forge.redis.health.Finding.Code;
import dev.forge.redis.health.Finding.Severity;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.command.Permission;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Finds out what the user may do, by trying: each command is sent in a form that has no effect where there is no such key, or
 * that is an error of its arguments. Redis looks at the rights before it looks at either. To ask for the rights themselves
 * would take a right that Forge has no other use for.
 */
final class AclCheck {

    private static final String TRACKING = "client|tracking";
    private static final String NO_SCRIPT = "0".repeat(40);

    private final Commands commands;
    private final RedisSettings settings;
    private final byte[] key;

    AclCheck(Commands commands, RedisSettings settings, byte[] key) {
        this.commands = commands;
        this.settings = settings;
        this.key = key;
    }

    /** A right by the name that rules have for it, and the harmless command that needs it. */
    private record Right(String name, Command command, boolean keyed, List<String> arguments) {

        static Right of(Command command, String... arguments) {
            return new Right(command.toString().toLowerCase(Locale.ROOT), command, false, List.of(arguments));
        }

        static Right ofKey(Command command, String... arguments) {
            return new Right(command.toString().toLowerCase(Locale.ROOT), command, true, List.of(arguments));
        }

        static Right ofSubcommand(Command command, String... arguments) {
            String name = (command + "|" + arguments[0]).toLowerCase(Locale.ROOT);
            return new Right(name, command, false, List.of(arguments));
        }
    }

    private static final List<Right> ALWAYS = List.of(
            Right.of(PING),
            Right.ofKey(GET),
            Right.ofKey(MGET),
            Right.ofKey(SET, "", "XX", "PX", "1000"),
            Right.ofKey(UNLINK),
            Right.ofKey(EXISTS),
            Right.of(SCAN, "0", "COUNT", "1"),
            Right.ofKey(PTTL),
            Right.of(EVALSHA, NO_SCRIPT, "0"),
            Right.of(EVAL, "return 0", "-1"),
            Right.ofKey(DEL),
            Right.ofKey(PEXPIRE, "1000"),
            Right.ofKey(PEXPIREAT, "9999999999999"),
            Right.of(TIME),
            Right.ofKey(HGET, "a"),
            // A field without its value.
            Right.ofKey(HSET, "a", "1", "b"),
            Right.ofKey(HDEL, "a"),
            Right.ofKey(HGETALL),
            Right.ofKey(HMGET, "a"),
            // There is no place before the first.
            Right.ofKey(SETRANGE, "-1", "a"),
            Right.ofKey(ZADD, "XX", "0", "a"),
            Right.ofKey(ZCOUNT, "0", "0"),
            Right.ofKey(ZRANGE, "0", "0"),
            Right.ofKey(ZREM, "a"),
            Right.ofKey(ZREMRANGEBYSCORE, "1", "0"),
            Right.ofKey(ZSCORE, "a"),
            Right.of(INFO, "server"),
            Right.ofSubcommand(CLIENT, "ID"),
            // Neither on nor off.
            Right.ofSubcommand(CLIENT, "TRACKING", "MAYBE"),
            Right.ofSubcommand(CLIENT, "TRACKINGINFO"),
            Right.of(ROLE));

    private List<Right> needed() {
        List<Right> needed = new ArrayList<>(ALWAYS);
        if (settings.endpoint() instanceof RedisEndpoint.Cluster) {
            needed.add(Right.ofSubcommand(CLUSTER, "NODES"));
            needed.add(Right.ofSubcommand(CLUSTER, "SLOTS"));
        }
        return needed;
    }

    CompletableFuture<List<Finding>> look() {
        List<Right> missing = new ArrayList<>();
        List<Right> forOtherKeys = new ArrayList<>();
        CompletableFuture<?> all = CompletableFuture.completedFuture(null);
        for (Right right : needed()) {
            CompletableFuture<Permission> tried =
                    commands.tryRight(right.command(), right.keyed() ? key : null, right.arguments());
            all = all.thenCombine(tried, (before, permission) -> {
                if (permission == Permission.NOT_THE_COMMAND) {
                    missing.add(right);
                } else if (permission == Permission.NOT_THE_KEY) {
                    forOtherKeys.add(right);
                }
                return before;
            });
        }
        return all.thenApply(done -> findings(missing, !forOtherKeys.isEmpty()));
    }

    private List<Finding> findings(List<Right> missing, boolean foreign) {
        String user = settings.login().username() == null
                ? "default"
                : settings.login().username();
        List<Finding> findings = new ArrayList<>();
        if (foreign) {
            findings.add(new Finding(
                    Code.MISSING_RIGHT,
                    Severity.SEVERE,
                    "The user " + user + " may not touch keys that begin with '" + settings.keyPrefix() + "'.",
                    "Redis refuses every command that names a key.",
                    setUser(user, "'~" + KeyPattern.escaped(settings.keyPrefix()) + "*'")));
        }
        if (!missing.isEmpty()) {
            String names = missing.stream().map(Right::name).collect(Collectors.joining(", "));
            findings.add(new Finding(
                    Code.MISSING_RIGHT,
                    Severity.SEVERE,
                    "The user " + user + " lacks the right to: " + names.replace('|', ' ') + ".",
                    "What needs it is refused with NOPERM, within a cache, a limit or a session too (docs/acl.md).",
                    setUser(
                            user,
                            missing.stream()
                                    .map(right -> "'+" + right.name() + "'")
                                    .collect(Collectors.joining(" ")))));
        }
        if (missing.stream().anyMatch(right -> right.name().startsWith(TRACKING))) {
            findings.add(new Finding(
                    Code.NO_TRACKING,
                    Severity.WARNING,
                    "The server does not tell this user of changes: CLIENT TRACKING is not permitted.",
                    "Values cannot be kept in the application's own memory without it.",
                    setUser(user, "'+client|tracking' '+client|trackinginfo' '+role'")));
        }
        return findings;
    }

    private static String setUser(String user, String rules) {
        return "redis-cli ACL SETUSER " + user + " " + rules
                + "\nredis-cli ACL SAVE          (or CONFIG REWRITE, if the users are in redis.conf)";
    }
}
