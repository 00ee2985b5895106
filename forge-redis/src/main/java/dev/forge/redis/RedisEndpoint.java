package dev.forge.redis;

import java.util.List;

/** Where Redis is. */
public sealed interface RedisEndpoint {

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
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }
}
