package dev.forge.redis.settings;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a connection URL.
 *
 * <p>The parsers of the JDK and of the client put the URL, including the password, into their exception messages, and
 * take part of an unescaped password for a host name. So this is a parser of our own: its messages name a rule and
 * never quote the URL.
 */
record RedisUrl(RedisEndpoint endpoint, boolean tls, int database, RedisLogin login) {

    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;
    private static final RedisEndpoint NOWHERE = new RedisEndpoint.Node(new HostAndPort("localhost", REDIS_PORT));
    private static final List<String> SCHEMES = List.of(
            "redis", "rediss", "redis-socket", "redis-sentinel", "rediss-sentinel", "redis-cluster", "rediss-cluster");
    private static final String DIGITS = "0123456789";
    private static final String HEX_DIGITS = DIGITS + "ABCDEFabcdef";
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** Parses {@code text}; adds each rule that it breaks to {@code problems}. */
    static RedisUrl parse(String text, List<String> problems) {
        Reader reader = new Reader();
        RedisUrl url = reader.read(text);
        for (String rule : reader.broken) {
            problems.add(SettingsReader.URL + " must " + rule + " (value hidden, because it may hold a password)");
        }
        return url;
    }

    /** Parses one URL. */
    private static final class Reader {
        private final List<String> broken = new ArrayList<>();

        RedisUrl read(String text) {
            int end = text.indexOf("://");
            String scheme = end < 0 ? "" : text.substring(0, end);
            if (!SCHEMES.contains(scheme)) {
                broken.add("begin with redis://, rediss://, redis-socket://, redis-sentinel:// or redis-cluster://");
                return new RedisUrl(NOWHERE, false, 0, RedisLogin.NONE);
            }
            if (hasBlank(text)) {
                broken.add("not hold blanks or control characters; in a password they are percent-encoded");
            }
            String rest = text.substring(end + 3);
            int at = rest.lastIndexOf('@');
            RedisLogin login = at < 0 ? RedisLogin.NONE : login(rest.substring(0, at));
            String place = rest.substring(at + 1);
            return scheme.equals("redis-socket") ? socket(place, login) : network(scheme, place, login);
        }

        private static boolean hasBlank(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) <= ' ' || text.charAt(i) == 0x7f) {
                    return true;
                }
            }
            return false;
        }

        private RedisUrl socket(String place, RedisLogin login) {
            int query = place.indexOf('?');
            String path = query < 0 ? place : place.substring(0, query);
            int database = 0;
            if (query >= 0) {
                String parameters = place.substring(query + 1);
                if (parameters.startsWith("database=")) {
                    database = database(parameters.substring("database=".length()));
                } else {
                    broken.add("have no parameter other than ?database=N");
                }
            }
            if (!path.startsWith("/")) {
                broken.add("name an absolute path, as in redis-socket:///run/redis.sock");
            }
            return new RedisUrl(new RedisEndpoint.Socket(decoded(path, "path")), false, database, login);
        }

        private RedisUrl network(String scheme, String place, RedisLogin login) {
            boolean sentinel = scheme.endsWith("-sentinel");
            boolean cluster = scheme.endsWith("-cluster");
            int hash = place.indexOf('#');
            String primary = hash < 0 ? "" : place.substring(hash + 1);
            String main = hash < 0 ? place : place.substring(0, hash);
            if (main.indexOf('?') >= 0) {
                broken.add("have no parameters; the other REDIS_ variables say what they would");
                main = main.substring(0, main.indexOf('?'));
            }
            if (sentinel ? primary.isEmpty() : hash >= 0) {
                broken.add(
                        sentinel ? "end with # and the name of the primary" : "not hold a #, except before a primary");
            }
            int slash = main.indexOf('/');
            String path = slash < 0 ? "" : main.substring(slash + 1);
            int database = path.isEmpty() ? 0 : database(path);
            if (cluster && database != 0) {
                broken.add("not name a database, because a cluster has only database 0");
            }
            List<HostAndPort> nodes =
                    nodes(slash < 0 ? main : main.substring(0, slash), sentinel ? SENTINEL_PORT : REDIS_PORT);
            if (!sentinel && !cluster && nodes.size() > 1) {
                broken.add("name one host; more than one needs redis-sentinel:// or redis-cluster://");
            }
            return new RedisUrl(
                    endpoint(sentinel, cluster, nodes, decoded(primary, "primary")),
                    scheme.startsWith("rediss"),
                    database,
                    login);
        }

        private static RedisEndpoint endpoint(
                boolean sentinel, boolean cluster, List<HostAndPort> nodes, String primary) {
            if (sentinel) {
                return new RedisEndpoint.Sentinels(nodes, primary);
            }
            if (cluster) {
                return new RedisEndpoint.Cluster(nodes);
            }
            return nodes.isEmpty() ? NOWHERE : new RedisEndpoint.Node(nodes.get(0));
        }

        private List<HostAndPort> nodes(String text, int defaultPort) {
            List<HostAndPort> nodes = new ArrayList<>();
            for (String node : text.split(",", -1)) {
                int colon = node.endsWith("]") ? -1 : node.lastIndexOf(':');
                String host = colon < 0 ? node : node.substring(0, colon);
                int port = colon < 0 ? defaultPort : port(node.substring(colon + 1));
                if (host.startsWith("[") && host.endsWith("]")) {
                    host = host.substring(1, host.length() - 1);
                    if (!isIpv6(host)) {
                        broken.add("have an IPv6 address between its brackets");
                    }
                } else if (!isMadeOf(LETTERS + DIGITS + "._-", host, 1, 253)) {
                    broken.add("name a host of letters, digits, dots and hyphens (an IPv6 address in brackets); a"
                            + " password with # / ? or @ in it is percent-encoded, as %23 %2F %3F %40");
                }
                nodes.add(new HostAndPort(host, port));
            }
            return nodes;
        }

        private int port(String text) {
            int port = isMadeOf(DIGITS, text, 1, 5) ? Integer.parseInt(text) : 0;
            if (port < 1 || port > 65535) {
                broken.add("have a port from 1 to 65535");
            }
            return port;
        }

        private int database(String text) {
            if (!isMadeOf(DIGITS, text, 1, 5)) {
                broken.add("name a database by its number, as in redis://host:6379/1");
                return 0;
            }
            return Integer.parseInt(text);
        }

        private RedisLogin login(String text) {
            if (text.chars().anyMatch(c -> "#/?@".indexOf(c) >= 0)) {
                broken.add(
                        "have the characters # / ? and @ in its user and password percent-encoded, as %23 %2F %3F %40");
                return RedisLogin.NONE;
            }
            int colon = text.indexOf(':');
            if (colon < 0) {
                broken.add("have a user and a password before the @, as in redis://user:password@host");
                return RedisLogin.NONE;
            }
            String username = decoded(text.substring(0, colon), "user and password");
            return RedisLogin.of(
                    username.isEmpty() ? null : username, decoded(text.substring(colon + 1), "user and password"));
        }

        private String decoded(String text, String part) {
            @Nullable String decoded = percentDecoded(text);
            if (decoded == null) {
                broken.add("have two hexadecimal digits after each % of its " + part + " (a percent sign is %25)");
                return "";
            }
            return decoded;
        }
    }

    /** Returns whether {@code text} may be an IPv6 address, with or without a zone such as {@code %eth0}. */
    private static boolean isIpv6(String text) {
        int percent = text.indexOf('%');
        return isMadeOf(HEX_DIGITS + ":.", percent < 0 ? text : text.substring(0, percent), 2, 64)
                && (percent < 0 || isMadeOf(LETTERS + DIGITS + "._-", text.substring(percent + 1), 1, 64));
    }

    /** Returns whether {@code text} has from {@code least} to {@code most} characters, all of them {@code allowed}. */
    private static boolean isMadeOf(String allowed, String text, int least, int most) {
        for (int i = 0; i < text.length(); i++) {
            if (allowed.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return text.length() >= least && text.length() <= most;
    }

    /** Returns {@code text} with its percent-encoded bytes decoded as UTF-8, or null if that is not possible. */
    private static @Nullable String percentDecoded(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.put(raw[i]);
                continue;
            }
            if (i + 2 >= raw.length) {
                return null;
            }
            int high = Character.digit(raw[i + 1], 16);
            int low = Character.digit(raw[i + 2], 16);
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.put((byte) (high << 4 | low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
