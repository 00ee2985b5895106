package dev.forge.benchmarks.peer.near;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import java.time.Duration;

/** A cache that keeps values of Redis in the memory of this process, at most {@value #MOST} of them. */
public interface NearPeer extends Opened {

    /** The most entries in memory. */
    int MOST = 10_000;

    /** The TTL of an entry. */
    Duration TTL = Duration.ofMinutes(30);

    /** Stores {@code value} at {@code key}. */
    void put(String key, String value);

    /** Returns the value of {@code key}, which exists. */
    String get(String key);

    /** Connects {@code library} to the server at {@code port} of this machine. */
    static NearPeer open(Library library, int port) {
        return switch (library) {
            case CAFFEINE -> new CaffeineNear();
            case FORGE -> new ForgeNear(port);
            case JETCACHE -> new JetCacheNear(port);
            case REDISSON -> new RedissonNear(port);
            default -> throw library.doesNot("keep values near");
        };
    }
}
