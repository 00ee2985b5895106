package dev.forge.redis.settings;

import java.util.List;

/** Where Redis is: one server, the primary of some sentinels, or a cluster. */
public sealed interface RedisEndpoint {

    /** Returns whether this kind of endpoint knows where replicas are. */
    default boolean knowsReplicas() {
        return this instanceof Sentinels || this instanceof Cluster;
    }

    /** One server, reached over TCP. */
    record Node(HostAndPort address) implements RedisEndpoint {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** One server on this machine, reached over a Unix domain socket. */
    record Socket(String path) implements RedisEndpoint {
        @Override
        public String toString() {
            return path;
        }
    }

    /** The primary called {@code primary}, found by asking any of {@code sentinels}. */
    record Sentinels(List<HostAndPort> sentinels, String primary) implements RedisEndpoint {
        /** Copies the list. */
        public Sentinels {
            sentinels = List.copyOf(sentinels);
        }

        @Override
        public String toString() {
            return primary + " of sentinels " + sentinels;
        }
    }

    /** A cluster, found by asking any of {@code seeds}. */
    record Cluster(List<HostAndPort> seeds) implements RedisEndpoint {
        /** Copies the list. */
        public Cluster {
            seeds = List.copyOf(seeds);
        }

        @Override
        public String toString() {
            return "cluster " + seeds;
        }
    }

    /** A host name or address, and a port. */
    record HostAndPort(String host, int port) {
        /** Parses the form that {@link #toString()} returns. */
        public static HostAndPort parse(String text) {
            int colon = text.lastIndexOf(':');
            String host = text.substring(0, colon);
            return new HostAndPort(
                    host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(text.substring(colon + 1)));
        }

        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }
}
