package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.List;
import java.util.regex.Pattern;

/** Addresses as Spring names them, as URLs that Forge reads. */
final class Urls {

    private static final Pattern PASSWORD_ALONE = Pattern.compile("^([a-z]+://)([^:/?#@]+)@");

    private Urls() {}

    static String node(boolean tls, String host, int port, int database) {
        return scheme(tls) + "://" + new HostAndPort(host, port) + "/" + database;
    }

    static String sentinels(boolean tls, List<String> nodes, int database, String primary) {
        return scheme(tls) + "-sentinel://" + String.join(",", nodes) + "/" + database + "#"
                + primary.replace("%", "%25").replace(" ", "%20").replace("@", "%40");
    }

    static String cluster(boolean tls, List<String> nodes) {
        return scheme(tls) + "-cluster://" + String.join(",", nodes);
    }

    /** Returns the URL of Boot, in which a password may stand without a user, with TLS if {@code tls} asks for it. */
    static String ofBoot(String url, boolean tls) {
        String complete = PASSWORD_ALONE.matcher(url.strip()).replaceFirst("$1:$2@");
        return tls && complete.startsWith("redis://") ? "rediss" + complete.substring("redis".length()) : complete;
    }

    private static String scheme(boolean tls) {
        return tls ? "rediss" : "redis";
    }
}
