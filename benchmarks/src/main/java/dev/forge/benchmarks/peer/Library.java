package dev.forge.benchmarks.peer;

import dev.forge.redis.settings.RedisSettings;

/** The libraries that are compared. */
public enum Library {
    /** The baseline of every ratio. */
    LETTUCE("Lettuce"),
    /** This project. */
    FORGE("Forge"),
    /** Forge with eight direct connections, as many as Jedis has by default; {@link #FORGE} has five. */
    FORGE_EIGHT("Forge, pool of 8"),
    /** Forge's limiter with a sliding window; {@link #FORGE} uses a token bucket, as its peers do. */
    FORGE_WINDOW("Forge, sliding window"),
    /** Forge's limiter with a fixed window. */
    FORGE_FIXED("Forge, fixed window"),
    /** Lettuce with Netty's flush consolidation, which its users can add by hand. */
    LETTUCE_CONSOLIDATED("Lettuce, flushes consolidated"),
    /** Jedis with a connection for each caller. */
    JEDIS("Jedis, pool = threads"),
    /** Jedis likewise; its limiter is a token bucket, where that of {@link #JEDIS} is a fixed window. */
    JEDIS_BUCKET("Jedis, token bucket"),
    /** Jedis with the eight connections that its pool has by default. */
    JEDIS_DEFAULT("Jedis, default pool"),
    /** Redisson with its defaults. */
    REDISSON("Redisson"),
    /** The template of Spring Data Redis, on Lettuce. */
    SPRING("Spring StringRedisTemplate"),
    /** Spring's cache abstraction over Spring Data Redis. */
    SPRING_CACHE("Spring @Cacheable"),
    /** Spring Session over Spring Data Redis. */
    SPRING_SESSION("Spring Session"),
    /** A map in memory with a bound and a TTL: the baseline of near caches. */
    CAFFEINE("Caffeine"),
    /** JetCache over Lettuce. */
    JETCACHE("JetCache"),
    /** Bucket4j over Lettuce. */
    BUCKET4J("Bucket4j");

    private final String title;

    Library(String title) {
        this.title = title;
    }

    /** Returns the display name. */
    public String title() {
        return title;
    }

    /**
     * Connects to {@code target}, for {@code callers} threads that get and set.
     *
     * @throws IllegalArgumentException if it has no plain get and set, or does not reach such a target here
     */
    // A switch, not constructor references, which would all be linked, and types of this package alone, because this
    // class is checked against all of them. Either would load other libraries while the start of one is measured.
    public Peer open(Target target, int callers) {
        if (target.kind() == Target.Kind.CLUSTER) {
            return ClusterPeers.open(this, target, callers);
        }
        return switch (this) {
            case LETTUCE -> new LettucePeer(target);
            case FORGE -> new ForgePeer(RedisSettings.of(target.url()));
            case FORGE_EIGHT ->
                new ForgePeer(RedisSettings.builder(target.url()).poolSize(8).build());
            case LETTUCE_CONSOLIDATED -> LettucePeer.consolidated(target);
            case JEDIS -> JedisPeer.open(target, callers);
            case JEDIS_DEFAULT -> JedisPeer.open(target);
            case REDISSON -> RedissonPeer.open(target);
            case SPRING -> new SpringPeer(target);
            default -> throw doesNot("get and set");
        };
    }

    /** Returns the exception for {@code work} that this library does not do. */
    public IllegalArgumentException doesNot(String work) {
        return new IllegalArgumentException(title + " does not " + work + " here");
    }
}
