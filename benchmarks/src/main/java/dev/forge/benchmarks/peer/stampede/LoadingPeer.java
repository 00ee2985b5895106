package dev.forge.benchmarks.peer.stampede;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A cache that loads what is missing, and does what it can against loading it more than once. */
public interface LoadingPeer extends Opened {

    /** How long a value lives. */
    Duration TTL = Duration.ofMinutes(5);

    /** Returns the value at {@code key}, by the loader if it is missing. */
    String get(String key);

    /** Connects {@code library} to the server at {@code port} of this machine; what is missing comes from {@code loader}. */
    static LoadingPeer open(Library library, int port, UnaryOperator<String> loader) {
        return switch (library) {
            case FORGE -> new ForgeLoading(port, loader);
            case SPRING_CACHE -> new SpringLoading(port, loader);
            case JETCACHE -> new JetCacheLoading(port, loader);
            case REDISSON -> new RedissonLoading(port, loader);
            default -> throw library.doesNot("load what is missing");
        };
    }
}
