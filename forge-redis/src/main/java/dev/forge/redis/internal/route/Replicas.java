package dev.forge.redis.internal.route;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The replicas of one primary, taken in turn. */
final class Replicas {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final PeriodicQuestion<List<HostAndPort>> question;
    private final Function<HostAndPort, RedisNode> connect;
    private final AtomicInteger turn = new AtomicInteger();

    private volatile List<RedisNode> nodes = List.of();

    // Guarded by this.
    private Map<HostAndPort, RedisNode> known = Map.of();
    private boolean closed;

    Replicas(Supplier<CompletionStage<List<HostAndPort>>> lookUp, Function<HostAndPort, RedisNode> connect) {
        this.question = new PeriodicQuestion<>(PERIOD, lookUp, this::take);
        this.connect = connect;
    }

    /** Returns the next replica that can be reached and serves reads, or null if there is none. */
    @Nullable
    RedisNode next() {
        return serving(nodes, turn.getAndIncrement());
    }

    /** Returns the next of {@code replicas}, from number {@code from} on, that serves reads, or null if none does. */
    static @Nullable RedisNode serving(List<RedisNode> replicas, int from) {
        int count = replicas.size();
        int start = count == 0 ? 0 : Math.floorMod(from, count);
        for (int i = 0; i < count; i++) {
            RedisNode replica = replicas.get((start + i) % count);
            if (replica.servesReads()) {
                return replica;
            }
        }
        return null;
    }

    /** Returns the one of {@code replicas} at {@code address}, or null if there is none. */
    static @Nullable RedisNode at(String address, List<RedisNode> replicas) {
        return replicas.stream()
                .filter(replica -> replica.address().equals(address))
                .findFirst()
                .orElse(null);
    }

    /** Looks up the current replicas. */
    void look() {
        question.ask();
    }

    void tick() {
        nodes.forEach(RedisNode::checkConnections);
        question.tick();
    }

    List<RedisNode> nodes() {
        return nodes;
    }

    synchronized void close() {
        closed = true;
        known.values().forEach(RedisNode::close);
    }

    private synchronized void take(List<HostAndPort> found) {
        if (closed) {
            return;
        }
        Map<HostAndPort, RedisNode> now = new LinkedHashMap<>();
        for (HostAndPort address : new LinkedHashSet<>(found)) {
            RedisNode node = known.get(address);
            if (node == null) {
                node = connect.apply(address);
                node.open();
            }
            now.put(address, node);
        }
        known.forEach((address, node) -> {
            if (!now.containsKey(address)) {
                node.close();
            }
        });
        known = now;
        nodes = List.copyOf(now.values());
    }
}
