package dev.forge.benchmarks.peer.profile;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import java.time.Duration;

/** A cache in Redis, used as an application uses it: missing values would be loaded. */
public interface ProfilePeer extends Opened {

    /** The TTL of a value. */
    Duration TTL = Duration.ofMinutes(30);

    /** Returns the profile of {@code id}, which is {@link Profile#of} if it is missing. */
    Profile get(String id);

    /** Connects {@code library} to the server at {@code port} of this machine, for {@code callers} threads. */
    static ProfilePeer open(Library library, int port, int callers) {
        return switch (library) {
            case LETTUCE -> new LettuceProfiles(port);
            case FORGE -> new ForgeProfiles(port);
            case JEDIS -> new JedisProfiles(port, callers);
            case SPRING_CACHE -> new SpringProfiles(port);
            case JETCACHE -> new JetCacheProfiles(port);
            case REDISSON -> new RedissonProfiles(port);
            default -> throw library.doesNot("cache objects");
        };
    }
}
