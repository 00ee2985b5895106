package dev.forge.benchmarks.peer;

/**
 * What a library connects to.
 *
 * @param kind what answers there
 * @param port a port of 127.0.0.1, for a cluster that of any node
 */
public record Target(Kind kind, int port) {

    /** What answers at a port. */
    public enum Kind {
        /** One server. */
        SERVER("redis"),
        /** One server that speaks TLS, with a certificate that this process trusts by default. */
        TLS("rediss"),
        /** A node of a cluster. */
        CLUSTER("redis-cluster");

        private final String scheme;

        Kind(String scheme) {
            this.scheme = scheme;
        }
    }

    /** Returns one server without TLS. */
    public static Target server(int port) {
        return new Target(Kind.SERVER, port);
    }

    /** Returns the URL as Forge has it; without a cluster, the others have the same. */
    public String url() {
        return kind.scheme + "://127.0.0.1:" + port;
    }
}
