package dev.forge.redis.internal.health;

import static dev.forge.redis.internal.protocol.Command.CLIENT;
import static dev.forge.redis.internal.protocol.Command.CLUSTER;
import static dev.forge.redis.internal.protocol.Command.DEL;
import static dev.forge.redis.internal.protocol.Command.EVAL;
import static dev.forge.redis.internal.protocol.Command.EVALSHA;
import static dev.forge.redis.internal.protocol.Command.EXISTS;
import static dev.forge.redis.internal.protocol.Command.GET;
import static dev.forge.redis.internal.protocol.Command.GETRANGE;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Finds out which commands the user may run, by trying each without effect: on a key that does not exist, or with
 * invalid arguments. Redis checks permissions before either. Asking for the permissions themselves would need a
 * permission that Forge has no other use for.
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

    /** A required permission by its name in ACL rules, and a harmless command that needs it. */
    private record Required(String name, Command command, boolean keyed, List<String> arguments) {

        static Required of(Command command, String... arguments) {
            return new Required(command.toString().toLowerCase(Locale.ROOT), command, false, List.of(arguments));
        }

        static Required ofKey(Command command, String... arguments) {
            return new Required(command.toString().toLowerCase(Locale.ROOT), command, true, List.of(arguments));
        }

        static Required ofSubcommand(Command command, String... arguments) {
            String name = (command + "|" + arguments[0]).toLowerCase(Locale.ROOT);
            return new Required(name, command, false, List.of(arguments));
        }
    }

    private static final List<Required> ALWAYS = List.of(
            Required.of(PING),
            Required.ofKey(GET),
            Required.ofKey(MGET),
            Required.ofKey(SET, "", "XX", "PX", "1000"),
            Required.ofKey(UNLINK),
            Required.ofKey(EXISTS),
            Required.of(SCAN, "0", "COUNT", "1"),
            Required.ofKey(PTTL),
            Required.of(EVALSHA, NO_SCRIPT, "0"),
            Required.of(EVAL, "return 0", "-1"),
            Required.ofKey(DEL),
            Required.ofKey(PEXPIRE, "1000"),
            Required.ofKey(PEXPIREAT, "9999999999999"),
            Required.of(TIME),
            Required.ofKey(GETRANGE, "0", "0"),
            Required.ofKey(HGET, "a"),
            // A field without a value.
            Required.ofKey(HSET, "a", "1", "b"),
            Required.ofKey(HDEL, "a"),
            Required.ofKey(HGETALL),
            Required.ofKey(HMGET, "a"),
            // There is no negative offset.
            Required.ofKey(SETRANGE, "-1", "a"),
            Required.ofKey(ZADD, "XX", "0", "a"),
            Required.ofKey(ZCOUNT, "0", "0"),
            Required.ofKey(ZRANGE, "0", "0"),
            Required.ofKey(ZREM, "a"),
            Required.ofKey(ZREMRANGEBYSCORE, "1", "0"),
            Required.ofKey(ZSCORE, "a"),
            Required.of(INFO, "server"),
            Required.ofSubcommand(CLIENT, "ID"),
            // Neither on nor off.
            Required.ofSubcommand(CLIENT, "TRACKING", "MAYBE"),
            Required.ofSubcommand(CLIENT, "TRACKINGINFO"),
            Required.of(ROLE));

    private List<Required> needed() {
        List<Required> needed = new ArrayList<>(ALWAYS);
        if (settings.endpoint() instanceof RedisEndpoint.Cluster) {
            needed.add(Required.ofSubcommand(CLUSTER, "NODES"));
            needed.add(Required.ofSubcommand(CLUSTER, "SLOTS"));
        }
        return needed;
    }

    CompletableFuture<List<Finding>> look() {
        List<Required> missing = new ArrayList<>();
        Set<Permission> denied = EnumSet.noneOf(Permission.class);
        CompletableFuture<?> all = CompletableFuture.completedFuture(null);
        for (Required each : needed()) {
            CompletableFuture<Permission> tried =
                    commands.tryPermission(each.command(), each.keyed() ? key : null, each.arguments());
            all = all.thenCombine(tried, (before, permission) -> {
                denied.add(permission);
                if (permission == Permission.NOT_THE_COMMAND) {
                    missing.add(each);
                }
                return before;
            });
        }
        return all.thenApply(done -> findings(missing, denied));
    }

    private List<Finding> findings(List<Required> missing, Set<Permission> denied) {
        String user = settings.login().username() == null
                ? "default"
                : settings.login().username();
        List<Finding> findings = new ArrayList<>();
        if (denied.contains(Permission.NOT_THE_DATABASE)) {
            findings.add(missingPermission(
                    "The user " + user + " lacks permission for database " + settings.database() + ".",
                    "The server refuses every command that names a key.",
                    setUser(user, "db=" + settings.database())));
        }
        if (denied.contains(Permission.NOT_THE_KEY)) {
            findings.add(missingPermission(
                    "The user " + user + " lacks permission for keys that start with '" + settings.keyPrefix() + "'.",
                    "Redis refuses every command that names a key.",
                    setUser(user, "'~" + KeyPattern.escaped(settings.keyPrefix()) + "*'")));
        }
        if (!missing.isEmpty()) {
            String names = missing.stream().map(Required::name).collect(Collectors.joining(", "));
            findings.add(missingPermission(
                    "The user " + user + " is not permitted to run: " + names.replace('|', ' ') + ".",
                    "Everything that needs them fails with NOPERM, including caches, limits and sessions (docs/acl.md).",
                    setUser(
                            user,
                            missing.stream()
                                    .map(each -> "'+" + each.name() + "'")
                                    .collect(Collectors.joining(" ")))));
        }
        if (missing.stream().anyMatch(each -> each.name().startsWith(TRACKING))) {
            findings.add(new Finding(
                    Code.NO_TRACKING,
                    Severity.WARNING,
                    "The server sends this user no invalidations: CLIENT TRACKING is not permitted.",
                    "Without them the near cache cannot keep values in the application's memory.",
                    setUser(user, "'+client|tracking' '+client|trackinginfo' '+role'")));
        }
        return findings;
    }

    private static Finding missingPermission(String what, String why, String todo) {
        return new Finding(Code.MISSING_PERMISSION, Severity.SEVERE, what, why, todo);
    }

    private static String setUser(String user, String rules) {
        return "redis-cli ACL SETUSER " + user + " " + rules
                + "\nredis-cli ACL SAVE          (or CONFIG REWRITE, if the users are in redis.conf)";
    }
}
