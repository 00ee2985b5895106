package dev.forge.redis;

import dev.forge.redis.test.EmbeddedRedis;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server has counted since it started. */
public final class ServerStats {

    private ServerStats() {}

    /** Returns how often {@code command} has run. */
    public static long calls(String command, EmbeddedRedis server) {
        return count(command, "calls", server);
    }

    /** Returns how often {@code command} was refused before it ran. */
    public static long refused(String command, EmbeddedRedis server) {
        return count(command, "rejected_calls", server);
    }

    private static long count(String command, String field, EmbeddedRedis server) {
        Matcher count = Pattern.compile("(?m)^cmdstat_" + command + ":(?:.*,)?" + field + "=(\\d+)")
                .matcher(server.command("INFO", "commandstats"));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }
}
