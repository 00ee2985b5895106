package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.test.RedisExtension;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Random interleavings of readers and writers of one row through the cache annotations, in two applications, on real databases.
 *
 * <p>After a commit no look-up may return the value from before it (with a near cache: beyond its bound), a value that was rolled
 * back is never seen, and what the cache holds at the end is what the database holds; also if the application of the writer dies
 * before or after its commit. Only where a plain {@code DEL} has ended the fence of such a writer early is an old value
 * counted and not a failure.
 *
 * <p>The seed is printed. {@code -Dforge.promises=long} runs 2,000 interleavings on each database.
 */
@Tag("slow")
class TransactionInterleavingTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final boolean LONG = "long".equals(System.getProperty("forge.promises"));
    private static final int ROUNDS = LONG ? 2_000 : 80;
    private static final Duration NEAR_BOUND = Duration.ofMillis(100);
    private static final ThreadLocal<@Nullable Writer> WRITER = new ThreadLocal<>();

    private static final ExecutorService threads = Executors.newCachedThreadPool();
    private static EmbeddedPostgres postgres;

    enum Database {
        POSTGRES_READ_COMMITTED,
        POSTGRES_REPEATABLE_READ,
        H2;

        String url() {
            return this == H2
                    ? "jdbc:h2:mem:rows;DB_CLOSE_DELAY=-1"
                    : postgres.getJdbcUrl("postgres", name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        JdbcTemplate admin = new JdbcTemplate(postgres.getPostgresDatabase());
        admin.execute("CREATE DATABASE postgres_read_committed");
        admin.execute("CREATE DATABASE postgres_repeatable_read");
        admin.execute("ALTER DATABASE postgres_repeatable_read SET default_transaction_isolation = 'repeatable read'");
    }

    @AfterAll
    static void stop() throws IOException {
        threads.shutdownNow();
        postgres.close();
    }

    /** One connection for each thread, which stays open. */
    static final class ThreadConnections extends AbstractDataSource {
        private final ThreadLocal<SingleConnectionDataSource> mine;

        ThreadConnections(String url) {
            String user = url.startsWith("jdbc:h2") ? "sa" : "postgres";
            this.mine = ThreadLocal.withInitial(() -> new SingleConnectionDataSource(url, user, "", true));
        }

        @Override
        public java.sql.Connection getConnection() throws java.sql.SQLException {
            return mine.get().getConnection();
        }

        @Override
        public java.sql.Connection getConnection(String user, String password) throws java.sql.SQLException {
            return getConnection();
        }
    }

    /** What a writer does at the end of its transaction. */
    enum End {
        COMMIT,
        ROLL_BACK,
        DIE_BEFORE_COMMIT,
        DIE_AFTER_COMMIT;

        boolean isDeath() {
            return this == DIE_BEFORE_COMMIT || this == DIE_AFTER_COMMIT;
        }
    }

    /** How a reader looks up. */
    enum Reader {
        PLAIN,
        SYNC,
        IN_TRANSACTION,
        SYNC_IN_TRANSACTION,
        IN_READ_ONLY_TRANSACTION,
        SYNC_IN_READ_ONLY_TRANSACTION;

        boolean isReadOnly() {
            return this == IN_READ_ONLY_TRANSACTION || this == SYNC_IN_READ_ONLY_TRANSACTION;
        }

        boolean isSync() {
            return this == SYNC || this == SYNC_IN_TRANSACTION || this == SYNC_IN_READ_ONLY_TRANSACTION;
        }
    }

    /** The writer on a thread, and the version that it has written. */
    private static final class Writer {
        final Round round;
        final End end;
        int version;

        Writer(Round round, End end) {
            this.round = round;
            this.end = end;
        }
    }

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A manager with points around the commit, at which the application may die. */
    static final class SteppedTransactions extends DataSourceTransactionManager {
        private static final long serialVersionUID = 1;

        SteppedTransactions(DataSource source) {
            super(source);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            Writer writer = WRITER.get();
            Steps.point();
            if (writer != null && writer.end == End.DIE_BEFORE_COMMIT) {
                doRollback(status);
                die();
            }
            super.doCommit(status);
            if (writer != null) {
                writer.round.committed(writer, false);
            }
            Steps.point();
            if (writer != null && writer.end == End.DIE_AFTER_COMMIT) {
                die();
            }
        }

        /** Nothing of the application runs any more. */
        private static void die() {
            TransactionSynchronizationManager.clearSynchronization();
            TransactionSynchronizationManager.initSynchronization();
            for (Object resource : Set.copyOf(
                    TransactionSynchronizationManager.getResourceMap().keySet())) {
                if (resource instanceof Class<?>) {
                    TransactionSynchronizationManager.unbindResource(resource);
                }
            }
            throw new Died();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {
        @Bean
        PlatformTransactionManager transactions(DataSource source) {
            return new SteppedTransactions(source);
        }

        @Bean
        Rows rows(DataSource source) {
            return new Rows(new JdbcTemplate(source));
        }
    }

    static class Rows {
        private final JdbcTemplate jdbc;

        Rows(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Cacheable("rows")
        public String read(String key) {
            return load(key);
        }

        @Cacheable(cacheNames = "rows", sync = true)
        public String readSync(String key) {
            return load(key);
        }

        private String load(String key) {
            Steps.point();
            String value = select(key);
            Steps.point();
            return value;
        }

        public String select(String key) {
            return requireNonNull(jdbc.queryForObject(
                    "SELECT CONCAT(version, ' of ', writer) FROM data WHERE id = ?", String.class, key));
        }

        @CacheEvict(cacheNames = "rows", key = "#key")
        public String evict(String key, String writer) {
            return write(key, writer);
        }

        @CachePut(cacheNames = "rows", key = "#key")
        public String put(String key, String writer) {
            return write(key, writer);
        }

        private String write(String key, String writer) {
            jdbc.update("UPDATE data SET version = version + 1, writer = ? WHERE id = ?", writer, key);
            String value = select(key);
            requireNonNull(WRITER.get()).version = version(value);
            Steps.point();
            return value;
        }
    }

    static int version(String value) {
        return Integer.parseInt(value.substring(0, value.indexOf(' ')));
    }

    /** One of several applications with the same database and Redis. */
    private record Instance(AnnotationConfigApplicationContext context, boolean hasNearCache) implements AutoCloseable {

        static Instance start(DataSource source, boolean nearCache) {
            AnnotationConfigApplicationContext context = CachingContext.of(
                    Application.class,
                    Map.of(
                            "forge.redis.connection-url",
                            SERVER.url(),
                            "forge.redis.near-max-staleness",
                            NEAR_BOUND.toMillis() + "ms",
                            "forge.cache.defaults.near-cache",
                            nearCache ? "10000" : "0"));
            context.registerBean(DataSource.class, () -> source);
            context.refresh();
            return new Instance(context, nearCache);
        }

        Rows rows() {
            return context.getBean(Rows.class);
        }

        TransactionTemplate transaction(boolean readOnly) {
            TransactionTemplate template = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            template.setReadOnly(readOnly);
            return template;
        }

        SpringCache cache() {
            return (SpringCache)
                    requireNonNull(context.getBean(ForgeCacheManager.class).getCache("rows"));
        }

        @Override
        public void close() {
            context.close();
        }
    }

    private record Commit(int version, long at) {}

    /** One interleaving, on a row of its own. */
    private static final class Round {
        final String key;
        final boolean isRepeatable;
        final boolean hasDelete;
        final List<Commit> commits = new CopyOnWriteArrayList<>();
        final Set<String> undone = ConcurrentHashMap.newKeySet();
        final List<String> wrong = new CopyOnWriteArrayList<>();
        volatile boolean hasDeath;

        Round(String key, boolean isRepeatable, boolean hasDelete) {
            this.key = key;
            this.isRepeatable = isRepeatable;
            this.hasDelete = hasDelete;
        }

        /** Notes a commit of the database; with a foreign DEL only once it has returned, because its fence may be gone. */
        void committed(Writer writer, boolean hasReturned) {
            if (hasReturned == hasDelete) {
                commits.add(new Commit(writer.version, System.nanoTime()));
            }
        }

        int latestAt(long time) {
            return commits.stream()
                    .filter(commit -> commit.at() - time <= 0)
                    .mapToInt(Commit::version)
                    .max()
                    .orElse(0);
        }

        void read(Instance in, Reader how, String value, long since) {
            long at = in.hasNearCache() ? since - NEAR_BOUND.toNanos() : since;
            if (version(value) < latestAt(at)) {
                wrong.add(key + ": " + how + " has read " + value + " after the commit of " + latestAt(at));
            }
            if (undone.contains(value)) {
                wrong.add(key + ": " + how + " has read " + value + ", which was rolled back");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void noOldValueIsFoundAfterACommit(Database database) throws Exception {
        long seed = Long.getLong("forge.promises.seed", System.nanoTime());
        Random random = new Random(seed);
        DataSource source = new ThreadConnections(database.url());
        JdbcTemplate jdbc = new JdbcTemplate(source);
        jdbc.execute("CREATE TABLE data (id VARCHAR(100) PRIMARY KEY, version INT, writer VARCHAR(100))");
        List<Round> rounds = new ArrayList<>();
        try (Instance one = Instance.start(source, false);
                Instance near = Instance.start(source, true)) {
            for (int number = 0; number < ROUNDS; number++) {
                Round round = new Round(
                        database + "-" + seed + "-" + number,
                        database == Database.POSTGRES_REPEATABLE_READ,
                        random.nextInt(10) == 0);
                rounds.add(round);
                jdbc.update("INSERT INTO data VALUES (?, 0, 'no one')", round.key);
                play(round, random, source, List.of(one, near));
            }
            report(database, seed, rounds, check(rounds, List.of(one, near)));
        }
        assertThat(rounds.stream().flatMap(round -> round.wrong.stream())).isEmpty();
    }

    private static void report(Database database, long seed, List<Round> rounds, int lost) {
        System.out.printf(
                "%s with seed %d: %d interleavings, %d with an application that died, %d commits, %d rolled back, %d wrong;"
                        + " %d old values left after a fence was deleted%n",
                database,
                seed,
                rounds.size(),
                rounds.stream().filter(round -> round.hasDeath).count(),
                rounds.stream().mapToInt(round -> round.commits.size()).sum(),
                rounds.stream().mapToInt(round -> round.undone.size()).sum(),
                rounds.stream().filter(round -> !round.wrong.isEmpty()).count(),
                lost);
    }

    private static void play(Round round, Random random, DataSource source, List<Instance> instances)
            throws InterruptedException {
        if (random.nextBoolean()) {
            instances.forEach(instance -> instance.rows().read(round.key));
        }
        List<Runnable> actors = new ArrayList<>();
        List<Instance> dying = new ArrayList<>();
        int writers = 1 + random.nextInt(2);
        for (int number = 0; number < writers; number++) {
            End end = random.nextInt(10) < 8 ? End.COMMIT : End.values()[random.nextInt(4)];
            Instance instance = instances.get(random.nextInt(2));
            if (end.isDeath()) {
                round.hasDeath = true;
                instance = Instance.start(source, false);
                dying.add(instance);
            }
            Instance in = instance;
            boolean puts = random.nextBoolean();
            String name = "writer " + number;
            actors.add(() -> write(round, in, name, puts, end));
        }
        int readers = 2 + random.nextInt(3);
        for (int number = 0; number < readers; number++) {
            Instance in = instances.get(random.nextInt(2));
            Reader how = round.isRepeatable && random.nextBoolean()
                    ? Reader.values()[2 + random.nextInt(4)]
                    : Reader.values()[random.nextInt(6)];
            actors.add(() -> read(round, in, how));
        }
        if (round.hasDelete) {
            RedisManager redis = instances.get(0).context().getBean(RedisManager.class);
            actors.add(() -> redis.getSyncClient().del("rows::" + round.key));
        }
        new Steps(random, threads).run(actors);
        dying.forEach(Instance::close);
    }

    private static void write(Round round, Instance in, String name, boolean puts, End end) {
        Writer writer = new Writer(round, end);
        WRITER.set(writer);
        String[] written = new String[1];
        boolean committed = false;
        try {
            in.transaction(false).executeWithoutResult(status -> {
                written[0] = puts ? in.rows().put(round.key, name) : in.rows().evict(round.key, name);
                if (end == End.ROLL_BACK) {
                    round.undone.add(written[0]);
                    status.setRollbackOnly();
                }
                if (end == End.DIE_BEFORE_COMMIT) {
                    round.undone.add(written[0]);
                }
            });
            committed = end == End.COMMIT;
        } catch (Died died) {
            // As intended.
        } catch (DataAccessException refused) {
            // Under REPEATABLE READ two writers of one row exclude each other.
        } finally {
            WRITER.remove();
        }
        if (committed) {
            round.committed(writer, true);
        }
    }

    private static void read(Round round, Instance in, Reader how) {
        long[] since = {System.nanoTime()};
        String value = switch (how) {
            case PLAIN -> in.rows().read(round.key);
            case SYNC -> in.rows().readSync(round.key);
            default ->
                in.transaction(how.isReadOnly()).execute(status -> {
                    // The snapshot begins with the first statement.
                    in.rows().select(round.key);
                    Steps.point();
                    if (!round.isRepeatable) {
                        since[0] = System.nanoTime();
                    }
                    return how.isSync()
                            ? in.rows().readSync(round.key)
                            : in.rows().read(round.key);
                });
        };
        round.read(in, how, requireNonNull(value), since[0]);
    }

    /** Compares what the caches hold at last with the database; returns how often an old value is left as documented. */
    private static int check(List<Round> rounds, List<Instance> instances) throws Exception {
        TimeUnit.MILLISECONDS.sleep(3 * NEAR_BOUND.toMillis());
        RedisManager redis = instances.get(0).context().getBean(RedisManager.class);
        Cache<TypedValue> cache = instances.get(0).cache().cache;
        int lost = 0;
        for (Round round : rounds) {
            if (cache.explain(round.key).state() == Explanation.State.FENCE) {
                // Of an application that died: it ends within five seconds.
                assertThat(round.hasDeath).isTrue();
                assertThat(redis.getSyncClient().pttl("rows::" + round.key)).isBetween(-2L, 5_000L);
                redis.getSyncClient().del("rows::" + round.key);
            }
            String now = instances.get(0).rows().select(round.key);
            for (Instance instance : instances) {
                org.springframework.cache.Cache.ValueWrapper kept =
                        instance.cache().get(round.key);
                if (kept != null && !now.equals(kept.get())) {
                    if (round.hasDelete && round.hasDeath) {
                        lost++;
                    } else {
                        round.wrong.add(round.key + ": " + kept.get() + " is left in the cache in place of " + now);
                    }
                }
            }
        }
        return lost;
    }
}
