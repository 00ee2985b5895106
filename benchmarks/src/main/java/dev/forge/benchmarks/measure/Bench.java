package dev.forge.benchmarks.measure;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import dev.forge.benchmarks.peer.Peer;
import dev.forge.benchmarks.peer.Target;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Lets peers take turns on the same servers: A B C A B C and so on, each turn bounded in time, so that other load of
 * the machine affects all of them alike. Not thread-safe.
 */
public final class Bench implements AutoCloseable {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final Servers servers;
    private final Pace pace;
    private final Set<Library> wanted;
    private final ServerProbe probe;
    private final List<Measurement> measurements = new ArrayList<>();
    private boolean warm;

    /** Stores the keys on {@code servers}; only {@code wanted} libraries will take part. */
    public Bench(Servers servers, Pace pace, Set<Library> wanted) {
        this.servers = servers;
        this.pace = pace;
        this.wanted = Set.copyOf(wanted);
        probe = new ServerProbe(servers.nodes());
        store(List.of(Keys.all()), Keys.VALUE);
    }

    /** The work of a library in one turn. */
    @FunctionalInterface
    public interface Turn<P> {

        /** Works for {@code time}, if it is bounded by time, and returns the results. */
        Map<Metric, Double> take(P peer, Duration time) throws Exception;
    }

    /** Connects a library for some kind of work. */
    @FunctionalInterface
    public interface Opener<P> {

        /** Connects {@code library} to the server at {@code port} of this machine. */
        P open(Library library, int port);
    }

    /**
     * Connects {@code libraries}, warms each of them up, and lets them take turns.
     *
     * @param type the type that all must have
     * @param callers how many threads will call each
     */
    public <P extends Peer> void compare(
            String scenario, List<Library> libraries, Class<P> type, int callers, Turn<P> turn) {
        takeTurns(scenario, libraries, library -> type.cast(library.open(target(), callers)), turn);
    }

    /** Does the same with the objects that {@code opener} creates for each library, on a single server without TLS. */
    public <P extends Opened> void compare(String scenario, List<Library> libraries, Opener<P> opener, Turn<P> turn) {
        takeTurns(scenario, libraries, library -> opener.open(library, server().port()), turn);
    }

    private <P extends Opened> void takeTurns(
            String scenario, List<Library> libraries, Function<Library, P> opener, Turn<P> turn) {
        Map<Library, P> peers = new EnumMap<>(Library.class);
        long connectionsBefore = probe.connectionsOpen();
        try {
            Map<Library, Double> connections = new EnumMap<>(Library.class);
            for (Library library : participants(libraries)) {
                long before = probe.connectionsOpen();
                P peer = opener.apply(library);
                peers.put(library, peer);
                take(scenario, library, peer, turn, warm ? pace.warmUp() : pace.firstWarmUp());
                connections.put(library, (double) (probe.connectionsOpen() - before));
            }
            warm = true;
            for (int round = 0; round < pace.rounds(); round++) {
                for (Library library : peers.keySet()) {
                    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
                    metrics.putAll(take(scenario, library, peers.get(library), turn, pace.round()));
                    metrics.put(Metric.CONNECTIONS, connections.get(library));
                    record(scenario, library, round, metrics);
                }
            }
        } finally {
            peers.values().forEach(Opened::close);
            awaitConnections(connectionsBefore);
        }
    }

    // The server notices a closed connection later than the peer, and would count it for the next peer.
    private void awaitConnections(long number) {
        long deadline = System.nanoTime() + LONGEST_CLOSE.toNanos();
        while (probe.connectionsOpen() > number && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Lets threads work, and returns their work and its cost. */
    public Tally crew(List<Worker> workers, ThreadFactory threads, Duration time) {
        return Crew.work(workers, threads, time, probe);
    }

    /** Records the numbers of a round. */
    public void record(String scenario, Library library, int round, Map<Metric, Double> metrics) {
        metrics.forEach((metric, value) -> measurements.add(new Measurement(scenario, library, round, metric, value)));
    }

    /** Returns the wanted {@code libraries}, in the order of {@link Library}. */
    public List<Library> participants(List<Library> libraries) {
        return libraries.stream().filter(wanted::contains).sorted().toList();
    }

    /** Stores {@code value} for each of {@code keys}, in no library's own format. */
    public void store(List<String> keys, String value) {
        try (Peer peer = Library.JEDIS.open(target(), 1)) {
            keys.forEach(key -> peer.set(key, value));
        }
    }

    /** Returns how many connections the servers have ever accepted. */
    public long connectionsMade() {
        return probe.connectionsMade();
    }

    /** Returns what the peers connect to. */
    public Target target() {
        return servers.target();
    }

    /** Returns the server, which only this bench uses; the first one of several. */
    public EmbeddedRedis server() {
        return servers.nodes().get(0);
    }

    /** Returns the number and length of rounds. */
    public Pace pace() {
        return pace;
    }

    /** Returns the results so far. */
    public Results results() {
        return new Results(measurements);
    }

    @Override
    public void close() {
        probe.close();
    }

    private static <P> Map<Metric, Double> take(String scenario, Library library, P peer, Turn<P> turn, Duration time) {
        try {
            return turn.take(peer, time);
        } catch (Exception e) {
            throw new IllegalStateException(library.title() + " failed at: " + scenario, e);
        }
    }
}
