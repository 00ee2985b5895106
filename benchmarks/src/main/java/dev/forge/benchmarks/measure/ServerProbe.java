package dev.forge.benchmarks.measure;

import redis.clients.jedis.Jedis;

/** Reads the server's own counters over a connection of its own. Not thread-safe. */
final class ServerProbe implements AutoCloseable {
    private final Jedis connection;

    ServerProbe(int port) {
        connection = new Jedis("127.0.0.1", port);
    }

    /** The number of socket reads of the server. */
    long reads() {
        return counter("stats", "total_reads_processed");
    }

    /** The number of connections that the server has ever accepted. */
    long connectionsMade() {
        return counter("stats", "total_connections_received");
    }

    /** The number of open connections, including this one. */
    long connectionsOpen() {
        return counter("clients", "connected_clients");
    }

    void store(String[] keys, String value) {
        for (String key : keys) {
            connection.set(key, value);
        }
    }

    private long counter(String section, String name) {
        return connection
                .info(section)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("INFO " + section + " has no " + name));
    }

    @Override
    public void close() {
        connection.close();
    }
}
