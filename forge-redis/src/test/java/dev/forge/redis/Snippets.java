package dev.forge.redis;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheFence;
import dev.forge.redis.cache.CacheLookup;
import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.cache.EntryOptions;
import dev.forge.redis.cache.Snapshot;
import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.OnOutage;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.ActiveSession;
import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The examples of the documentation, so that they compile and run; {@link DocumentationTest} compares them. */
final class Snippets {

    record UserProfile(long id, String name) {}

    interface Users {
        Optional<UserProfile> find(String id);

        Map<String, UserProfile> findAll(Set<String> ids);
    }

    private final RedisManager redis;
    private final Users users;

    Snippets(RedisManager redis, Users users) {
        this.redis = redis;
        this.users = users;
    }

    Optional<UserProfile> cache(String tenant, UserProfile profile) {
        Cache<UserProfile> profiles = Cache.builder(redis, "user:profile", UserProfile.class)
                .ttl(Duration.ofMinutes(5))
                .staleFor(Duration.ofHours(1))
                .nearCache(10_000)
                .build();

        Optional<UserProfile> user = profiles.get("42", id -> users.find(id));
        Map<String, UserProfile> many = profiles.getAll(List.of("1", "2"), missing -> users.findAll(missing));
        profiles.invalidate("42");
        profiles.invalidateMatching(KeyPattern.of("{}:*", tenant));

        CacheLookup<UserProfile> found = profiles.lookup("42");
        if (found instanceof CacheMiss<UserProfile> miss) {
            try (miss) {
                users.find("42").ifPresent(miss::store);
            }
        }

        profiles.put("42", profile, EntryOptions.NONE.tags("tenant:7"));
        profiles.invalidateTag("tenant:7");
        return many.isEmpty() ? Optional.empty() : user;
    }

    /** What the examples use of a connection to a database. */
    interface Connection {
        void setAutoCommit(boolean on);

        void commit();
    }

    void fence(Cache<UserProfile> profiles, Connection connection) {
        try (CacheFence<UserProfile> fence = profiles.fence(List.of("42"))) {
            connection.commit();
        }
    }

    void snapshot(Connection connection) {
        Cache<UserProfile> profiles = Cache.builder(redis, "user:profile", UserProfile.class)
                .longestSnapshot(() -> Duration.ofSeconds(30))
                .build();

        Snapshot begun = Snapshot.begin();
        connection.setAutoCommit(false);
        if (profiles.lookup("42") instanceof CacheMiss<UserProfile> miss) {
            try (miss) {
                miss.readFrom(begun);
                users.find("42").ifPresent(miss::store);
            }
        }
        fence(profiles, connection);
    }

    static final class TooManyRequests extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManyRequests(Duration retryAfter) {
            super("try again in " + retryAfter);
        }
    }

    void rateLimit(String userId) {
        RateLimiter limiter = RateLimiter.slidingWindow(redis, "api", Limit.of(100, Duration.ofMinutes(1)));

        Decision decision = limiter.tryAcquire(userId);
        if (decision instanceof Decision.Denied denied) {
            throw new TooManyRequests(denied.retryAfter());
        }
    }

    Decision rateLimits(String userId) {
        RateLimiter exports = RateLimiter.tokenBucket(
                        redis, "exports", Limit.of(10, Duration.ofMinutes(1)), Limit.of(100, Duration.ofDays(1)))
                .withOnOutage(OnOutage.LOCAL_SHARE)
                .withInstances(4);

        boolean started = exports.tryAcquire(userId, 3).isAllowed(); // three permits of both limits, or none
        Decision now = exports.peek(userId); // takes nothing
        exports.reset(userId);
        return started ? now : exports.peek(userId);
    }

    Optional<Session> session(String userId) {
        SessionStore sessions = SessionStore.create(redis);

        Session session = sessions.create(userId, Map.of("device", "phone"));
        String cookie = session.id().value(); // for the cookie, and nowhere else

        Optional<Session> known = sessions.get(cookie);
        sessions.merge(cookie, Map.of("theme", "dark"));
        sessions.delete(cookie);
        return known;
    }

    long login(String userId) {
        SessionStore sessions = SessionStore.create(redis);

        Session visitor = sessions.create(Session.ANONYMOUS, Map.of("cart", "3"));
        Optional<Session> login = sessions.rotate(visitor.id().value(), userId);

        List<ActiveSession> devices = sessions.sessionsOf(userId); // device, created, last seen: nothing that opens one
        long ended = sessions.deleteAllOf(userId);
        return login.isPresent() && devices.size() == 1 ? ended : 0;
    }

    static Optional<String> manager() {
        try (RedisManager redis = RedisManager.fromEnvironment()) {
            redis.setSync("greeting", "hello", Duration.ofMinutes(5));
            redis.getAsync("greeting").thenAccept(value -> System.out.println(value.orElse("gone")));
            redis.deletePatternSync(KeyPattern.of("user:{}:*", 42));
            redis.getSyncClient().hset("user:1", "name", "John");
        }
        return Optional.empty();
    }

    static RedisManager managerWithSettings() {
        RedisManager redis = RedisManager.create(RedisSettings.builder("redis://localhost:6379")
                .keyPrefix("shop:")
                .socketTimeout(Duration.ofSeconds(2))
                .build());
        return redis;
    }

    void deletion(Keyspace profiles, String tenant) {
        long removed = redis.deletePatternSync(profiles, KeyPattern.of("{}:*", tenant));

        DeletionReport would =
                redis.deletion(profiles, KeyPattern.of("{}:*", tenant)).dryRun().startSync();
        System.out.println(would.matched() + " keys, such as " + would.sample());

        DeletionReport part = redis.deletion(profiles, KeyPattern.of("{}:*", tenant))
                .budget(Duration.ofSeconds(10))
                .startSync();
        part.resumePoint().ifPresent(point -> resumeTomorrow(point)); // redis.deletion(…).resumeFrom(point)

        redis.clearNamespaceSync(profiles);
        if (removed > would.matched()) {
            throw new IllegalStateException("a key came back");
        }
    }

    private static void resumeTomorrow(String point) {
        System.out.println("to be resumed from " + point);
    }
}
