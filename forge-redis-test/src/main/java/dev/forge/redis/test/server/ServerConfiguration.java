package dev.forge.redis.test.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration of a server: its binary, its port, and the user's options. Internal.
 *
 * @param plainPort the port without TLS: the same, unless {@code port} has TLS
 */
public record ServerConfiguration(
        ServerBinary binary, int port, int plainPort, List<Directive> options, String adminPassword) {
    /** The bus of a cluster node has its port plus this. */
    public static final int BUS = 10_000;

    private static final String FILE = "redis.conf";
    private static final String ADMIN = "forge-redis-test";

    /** The kernel limits the name of a socket to 104 bytes on macOS and 108 on Linux, with a trailing zero. */
    private static final int MAX_SOCKET_PATH = 103;

    private static final Set<String> RESERVED =
            Set.of("bind", "port", "tls-port", "daemonize", "supervised", "pidfile", "logfile", "unixsocket");

    /** Copies the options. */
    public ServerConfiguration {
        options = List.copyOf(options);
    }

    /** Adds a directive of the user; refuses those that would break the promises of {@code EmbeddedRedis}. */
    public static Directive option(String name, String... values) {
        Directive option = Directive.of(name, values);
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("option must not be " + name
                    + ", which is set here: the server listens on 127.0.0.1 only, on port(…) and unixSocket(…), and"
                    + " logs to its own directory");
        }
        return option;
    }

    /** A Unix domain socket to listen on as well. */
    public static Directive unixSocket(Path path) {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH) {
            throw new IllegalArgumentException(
                    "unixSocket must be at most " + MAX_SOCKET_PATH + " bytes long, but was " + path);
        }
        return Directive.of("unixsocket", path.toString());
    }

    /** The command that runs the server; {@code more} options override its redis.conf, and are not in it. */
    List<String> command(List<Directive> more) {
        List<String> command = new ArrayList<>(List.of(binary.path().toString(), FILE));
        if (isSentinel()) {
            command.add("--sentinel");
        }
        for (Directive option : more) {
            command.add("--" + option.name());
            command.addAll(option.arguments());
        }
        return command;
    }

    void writeTo(ServerDirectory directory) {
        try {
            Files.writeString(directory.file(FILE), text());
        } catch (IOException failure) {
            throw new EmbeddedRedisException(
                    "The configuration of a server could not be written: " + failure.getMessage(), failure);
        }
    }

    /** For a restart: what CONFIG REWRITE has written stays, unless a cleaner of temporary files took it. */
    void writeIfMissing(ServerDirectory directory) {
        if (!Files.exists(directory.file(FILE))) {
            writeTo(directory);
        }
    }

    /** The whole redis.conf. The last line of a directive counts, also over a file that an option includes. */
    String text() {
        List<Directive> defaults = new ArrayList<>();
        defaults.add(Directive.of("save", ""));
        defaults.add(Directive.of("appendonly", "no"));
        if (hasAdmin()) {
            defaults.add(admin());
        }
        String include = System.getProperty("forge.redis.test.include", "");
        // If it sets the permissions of the default user, it would remove the password again.
        if (!include.isEmpty() && password().isEmpty()) {
            defaults.add(
                    Directive.of("include", Path.of(include).toAbsolutePath().toString()));
        }
        if (binary.isAtLeast(7)) {
            defaults.add(Directive.of("enable-debug-command", "yes"));
        }
        List<Directive> fixed = new ArrayList<>(List.of(
                Directive.of("bind", "127.0.0.1"),
                Directive.of("port", Integer.toString(plainPort)),
                Directive.of("daemonize", "no"),
                Directive.of("logfile", "")));
        if (isTls()) {
            fixed.add(Directive.of("tls-port", Integer.toString(port)));
        }
        return Stream.of(defaults, options, fixed)
                .flatMap(List::stream)
                .map(directive -> directive.line() + "\n")
                .collect(Collectors.joining());
    }

    /** The ports that it listens on. */
    List<Integer> ports() {
        Stream<Integer> bus =
                lastOption("cluster-enabled").filter("yes"::equals).stream().map(yes -> plainPort + BUS);
        return Stream.concat(Stream.of(port, plainPort).distinct(), bus).toList();
    }

    /** Whether the port has TLS. */
    public boolean isTls() {
        return plainPort != port;
    }

    /** The address, without a user and password. */
    public String url() {
        return (isTls() ? "rediss" : "redis") + "://127.0.0.1:" + port;
    }

    /** The arguments of AUTH for a user with all permissions; empty if no login is needed. */
    public List<String> credentials() {
        return hasAdmin() ? List.of(ADMIN, adminPassword) : password();
    }

    /** Servers before 6 have no users, an ACL file allows no users beside it, and sentinels need no login. */
    private boolean hasAdmin() {
        return binary.isAtLeast(6) && !isSentinel() && options.stream().noneMatch(option -> option.is("aclfile"));
    }

    private Directive admin() {
        List<String> rules = new ArrayList<>(List.of(ADMIN, "on", ">" + adminPassword, "~*", "+@all"));
        if (binary.isAtLeast(7)) {
            // Since then a user has no channels by default.
            rules.add("&*");
        }
        return new Directive("user", rules);
    }

    private List<String> password() {
        return lastOption("requirepass").map(List::of).orElse(List.of());
    }

    /** The first argument of the last option called {@code name}; nothing if there is none or it is empty. */
    public Optional<String> lastOption(String name) {
        return options.stream()
                .filter(option -> option.is(name))
                .map(option -> option.arguments().get(0))
                .filter(argument -> !argument.isEmpty())
                .reduce((first, last) -> last);
    }

    private boolean isSentinel() {
        return options.stream().anyMatch(option -> option.is("sentinel"));
    }
}
