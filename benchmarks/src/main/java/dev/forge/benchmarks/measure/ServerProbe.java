package dev.forge.benchmarks.measure;

import dev.forge.redis.test.EmbeddedRedis;
import java.net.URI;
import java.util.List;
import redis.clients.jedis.Jedis;

/** Reads the servers' own counters, each over a connection of its own, and adds them up. Not thread-safe. */
final class ServerProbe implements AutoCloseable {
    private final List<Jedis> connections;
    private long questions;

    ServerProbe(List<EmbeddedRedis> servers) {
        connections = servers.stream()
                .map(server -> new Jedis(URI.create(server.url())))
                .toList();
    }

    /** The number of socket reads of the servers, apart from those of the questions asked here. */
    long reads() {
        return counter("stats", "total_reads_processed") - questions;
    }

    /** The number of connections that the servers have ever accepted. */
    long connectionsMade() {
        return counter("stats", "total_connections_received");
    }

    /** The number of open connections, including those of this probe. */
    long connectionsOpen() {
        return counter("clients", "connected_clients");
    }

    private long counter(String section, String name) {
        questions += connections.size();
        return connections.stream()
                .mapToLong(connection -> counter(connection, section, name))
                .sum();
    }

    private static long counter(Jedis connection, String section, String name) {
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
        connections.forEach(Jedis::close);
    }
}
