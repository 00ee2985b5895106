package dev.forge.benchmarks.peer;

/** The libraries that are compared. */
public enum Library {
    /** The baseline of every ratio. */
    LETTUCE("Lettuce"),
    /** What this project makes. */
    FORGE("Forge"),
    /** The sliding window of Forge's limiter, beside its token bucket, which is what its peers have. */
    FORGE_WINDOW("Forge, sliding window"),
    /** Lettuce with Netty's flush consolidation, which its users can add by hand. */
    LETTUCE_CONSOLIDATED("Lettuce, flushes consolidated"),
    /** Jedis with a connection for each caller. */
    JEDIS("Jedis, pool = threads"),
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
    /** A map in memory with a bound and a life of its entries: what a near cache is measured by. */
    CAFFEINE("Caffeine"),
    /** JetCache over Lettuce. */
    JETCACHE("JetCache"),
    /** Bucket4j over Lettuce. */
    BUCKET4J("Bucket4j");

    private final String title;

    Library(String title) {
        this.title = title;
    }

    /** Returns the name for people. */
    public String title() {
        return title;
    }

    /**
     * Connects to the server at {@code port} of this machine, for {@code callers} threads that get and set.
     *
     * @throws IllegalArgumentException if it has no plain get and set
     */
    // A switch and no constructor references: those would all be linked for the one that is asked for, at the cost of
    // its start.
    public Peer open(int port, int callers) {
        return switch (this) {
            case LETTUCE -> new LettucePeer(port);
            case FORGE -> new ForgePeer(port);
            case LETTUCE_CONSOLIDATED -> new LettucePeer(port, new FlushConsolidation());
            case JEDIS -> new JedisPeer(port, callers);
            case JEDIS_DEFAULT -> new JedisPeer(port);
            case REDISSON -> new RedissonPeer(port);
            case SPRING -> new SpringPeer(port);
            default -> throw doesNot("get and set");
        };
    }

    /** Returns the exception that says that this library does not do {@code work}. */
    public IllegalArgumentException doesNot(String work) {
        return new IllegalArgumentException(title + " does not " + work + " here");
    }
}
