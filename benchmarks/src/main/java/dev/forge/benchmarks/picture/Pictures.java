package dev.forge.benchmarks.picture;

import static dev.forge.benchmarks.measure.Metric.DRAINED;
import static dev.forge.benchmarks.measure.Metric.OPERATIONS;
import static dev.forge.benchmarks.measure.Metric.P99;
import static dev.forge.benchmarks.measure.Metric.STARTED;
import static dev.forge.benchmarks.peer.Library.CAFFEINE;
import static dev.forge.benchmarks.peer.Library.FORGE;
import static dev.forge.benchmarks.peer.Library.JEDIS;
import static dev.forge.benchmarks.peer.Library.JEDIS_DEFAULT;
import static dev.forge.benchmarks.peer.Library.LETTUCE;
import static dev.forge.benchmarks.peer.Library.SPRING_CACHE;
import static dev.forge.benchmarks.peer.Library.SPRING_SESSION;

import dev.forge.benchmarks.picture.Picture.View;
import java.util.List;

/** The pictures of {@code docs/benchmarks.md}. */
public final class Pictures {
    private static final String GETS = "Gets a second";
    private static final String THREADS = "get, 64 threads";
    private static final String VIRTUAL = "get, 256 virtual threads";
    private static final String PROFILE = "cache-aside hit of 1 KiB JSON, 16 threads";
    private static final String SESSION = "request that changes its session, 16 threads";
    private static final String ALONE = "get, 1 thread, one CPU";
    private static final String START = "start to first answer";

    private static final List<Picture> ALL = List.of(
            new Picture(
                    "commands.svg",
                    "Many callers: %s times the gets of Lettuce on 64 threads, %s times on 256 virtual threads",
                    List.of(
                            new Comparison(THREADS, OPERATIONS, FORGE, LETTUCE),
                            new Comparison(VIRTUAL, OPERATIONS, FORGE, LETTUCE)),
                    List.of(
                            new View("get, 8 threads", "Blocking, 8 threads", OPERATIONS, GETS, LETTUCE),
                            new View(THREADS, "Blocking, 64 threads", OPERATIONS, GETS, LETTUCE),
                            new View(VIRTUAL, "Blocking, 256 virtual threads", OPERATIONS, GETS, LETTUCE),
                            new View("async get, 256 in flight", "Async, 256 in flight", OPERATIONS, GETS, LETTUCE))),
            new Picture(
                    "features.svg",
                    "Features: %s times the cache hits of @Cacheable, %s times the requests of Spring Session",
                    List.of(
                            new Comparison(PROFILE, OPERATIONS, FORGE, SPRING_CACHE),
                            new Comparison(SESSION, OPERATIONS, FORGE, SPRING_SESSION)),
                    List.of(
                            new View(PROFILE, "Cached object, 16 threads", OPERATIONS, "Hits a second", SPRING_CACHE),
                            new View(
                                    "near-cache hit, 1 thread",
                                    "Near cache, 1 thread",
                                    OPERATIONS,
                                    "Hits a second",
                                    CAFFEINE),
                            new View(
                                    "limit check, 32 threads, 1000 subjects",
                                    "Rate limit, 32 threads",
                                    OPERATIONS,
                                    "Checks a second",
                                    LETTUCE),
                            new View(
                                    SESSION,
                                    "Session, 16 threads",
                                    OPERATIONS,
                                    "Requests that change it a second",
                                    SPRING_SESSION))),
            new Picture(
                    "peers-win.svg",
                    "Where peers win: alone on one CPU, Jedis gets %s times as much and starts in %s of the time",
                    List.of(
                            new Comparison(ALONE, OPERATIONS, JEDIS, FORGE),
                            new Comparison(START, STARTED, JEDIS_DEFAULT, FORGE)),
                    List.of(
                            new View(ALONE, "One caller, one CPU for all", OPERATIONS, GETS, JEDIS),
                            new View(START, "Start of a process", STARTED, "Ms to the first answer", JEDIS_DEFAULT),
                            new View(
                                    "single get beside batches of 10000 of Forge",
                                    "A get beside batches of 10,000",
                                    P99,
                                    "Microseconds, 99th percentile",
                                    JEDIS),
                            new View(
                                    "deletion by pattern of 100000 keys of 1000000",
                                    "Delete 100,000 keys by pattern",
                                    DRAINED,
                                    "Ms (Lettuce: KEYS and one DEL)",
                                    LETTUCE))));

    private Pictures() {}

    /** Returns all pictures. */
    public static List<Picture> all() {
        return ALL;
    }
}
