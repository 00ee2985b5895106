package dev.forge.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The user of docs/redis-acl.conf. */
public final class ShippedAcl {

    static final String USER = "forge";
    static final String PREFIX = "app:";

    private ShippedAcl() {}

    /** Returns the rules of the user, who can log in with {@code password}. */
    public static List<String> rules(String password) {
        List<String> parts = new ArrayList<>(List.of(line().split(" ")));
        if (!parts.subList(0, 3).equals(List.of("user", USER, "off")) || !parts.contains("~" + PREFIX + "*")) {
            throw new IllegalStateException("not what the page says: " + parts);
        }
        parts.set(2, "on");
        parts.add(">" + password);
        return parts.subList(1, parts.size());
    }

    /** Returns the allowed commands, in lower case, with a subcommand as {@code client|id}. */
    public static Set<String> commands() {
        return rules("").stream()
                .filter(rule -> rule.startsWith("+"))
                .map(rule -> rule.substring(1))
                .collect(Collectors.toSet());
    }

    private static String line() {
        try (var lines = Files.lines(Path.of("../docs/redis-acl.conf"))) {
            return lines.filter(line -> line.startsWith("user ")).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
