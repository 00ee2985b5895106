package dev.forge.benchmarks.peer.stampede;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A cache that loads missing values, with the library's protection against duplicate loads. */
public interface LoadingPeer extends Opened {

    /** The TTL of a value. */
    Duration TTL = Duration.ofMinutes(5);

    /** Returns the value of {@code key}, from the loader if it is missing. */
    String get(String key);

    /** Connects {@code library} to the server at {@code port} of this machine; {@code loader} loads missing values. */
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
