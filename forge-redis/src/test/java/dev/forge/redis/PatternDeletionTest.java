package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.deletion.PageSize;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PatternDeletionTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final Keyspace USERS = new Keyspace("users");
    private static final Keyspace OTHERS = new Keyspace("others");
    private static final KeyPattern ADA = KeyPattern.of("{}:*", "ada");
    private static final Duration HARDLY_ANY = Duration.ofNanos(1);

    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void deletesExactlyTheMatchingKeysWhileOthersWrite() {
        int keys = Promises.count(100_000, 1_000_000);
        int matching = keys / 10;
        write(USERS, "ada:", matching);
        write(OTHERS, "ada:", keys - matching);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        // They grow the tables of the server, which changes the order of the scan.
        Thread writer = new Thread(() -> {
            for (int i = 0; !stop.get(); i++) {
                write(USERS, "ada:new:" + i + ":", 100);
                write(OTHERS, "bob:" + i + ":", 100);
                redis.deleteSync(OTHERS.key("bob:" + i + ":1"));
                written.incrementAndGet();
            }
        });
        writer.start();
        await().until(() -> written.get() > 2);

        long removed = redis.deletePatternSync(USERS, ADA);
        stop.set(true);
        Promises.join(writer);

        assertThat(removed).isGreaterThanOrEqualTo(matching);
        assertThat(present(USERS, "ada:", matching)).isZero();
        assertThat(present(OTHERS, "ada:", keys - matching)).isEqualTo(keys - matching);
        for (int i = 0; i < written.get(); i++) {
            assertThat(present(OTHERS, "bob:" + i + ":", 100)).isEqualTo(99);
        }
    }

    @Test
    void reportsItsWork() {
        write(USERS, "ada:", 3_000);
        write(USERS, "bob:", 7_000);

        DeletionReport report = redis.deletion(USERS, ADA).startSync();

        assertThat(report.isComplete()).isTrue();
        assertThat(report.dryRun()).isFalse();
        assertThat(report.removed()).isEqualTo(3_000);
        assertThat(report.matched()).isGreaterThanOrEqualTo(3_000);
        assertThat(report.scanned()).isBetween(9_000L, 13_000L);
        assertThat(report.elapsed()).isPositive();
        assertThat(report.nodes()).singleElement().satisfies(node -> {
            assertThat(node.address()).isEqualTo("127.0.0.1:" + SERVER.server().port());
            assertThat(node.removed()).isEqualTo(3_000);
        });
        assertThat(report.sample())
                .hasSize(DeletionReport.MOST_IN_SAMPLE)
                .allMatch(key -> key.startsWith("users::ada:"));
    }

    @Test
    void removesNothingInADryRun() {
        write(USERS, "ada:", 3_000);
        write(USERS, "bob:", 10);

        DeletionReport report = redis.deletion(USERS, ADA).dryRun().startSync();

        assertThat(report.dryRun()).isTrue();
        assertThat(report.matched()).isGreaterThanOrEqualTo(3_000);
        assertThat(report.removed()).isZero();
        assertThat(report.sample()).hasSize(DeletionReport.MOST_IN_SAMPLE);
        assertThat(present(USERS, "ada:", 3_000)).isEqualTo(3_000);
    }

    @Test
    void stopsWhenItsBudgetIsSpentAndResumes() {
        write(USERS, "ada:", 5_000);
        write(USERS, "bob:", 5_000);

        List<DeletionReport> parts = new ArrayList<>();
        parts.add(redis.deletion(USERS, ADA).budget(HARDLY_ANY).startSync());
        while (!parts.get(parts.size() - 1).isComplete()) {
            String point = parts.get(parts.size() - 1).resumePoint().orElseThrow();
            parts.add(redis.deletion(USERS, ADA)
                    .budget(HARDLY_ANY)
                    .resumeFrom(point)
                    .startSync());
        }

        assertThat(parts).hasSizeBetween(5, 150);
        assertThat(parts).allSatisfy(part -> assertThat(part.scanned()).isLessThanOrEqualTo(PageSize.FIRST));
        assertThat(parts.stream().mapToLong(DeletionReport::removed).sum()).isEqualTo(5_000);
        assertThat(present(USERS, "bob:", 5_000)).isEqualTo(5_000);
    }

    @Test
    void startsOverWhenTheServerWasRestarted() {
        write(USERS, "ada:", 20_000);
        String point = redis.deletion(USERS, ADA)
                .dryRun()
                .budget(HARDLY_ANY)
                .startSync()
                .resumePoint()
                .orElseThrow();
        SERVER.server().kill();
        SERVER.server().restart();
        await().atMost(Promises.PATIENCE).until(() -> reachable());
        write(USERS, "ada:", 20_000);

        DeletionReport report = redis.deletion(USERS, ADA).resumeFrom(point).startSync();

        assertThat(report.removed()).isEqualTo(20_000);
    }

    @Test
    void refusesAResumePointOfAnotherPattern() {
        write(USERS, "ada:", 2_000);
        String point = redis.deletion(USERS, ADA)
                .budget(HARDLY_ANY)
                .startSync()
                .resumePoint()
                .orElseThrow();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> redis.deletion(USERS, KeyPattern.of("bob:*"))
                        .resumeFrom(point)
                        .startSync())
                .withMessageStartingWith("resume point must be of the same pattern");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> redis.deletion(USERS, ADA).resumeFrom("0 MATCH *").startSync())
                .withMessage("resume point must be one that a report has given, but was 0 MATCH *");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redis.deletion(USERS, ADA).budget(Duration.ZERO));
    }

    @Test
    void stopsWhenItIsCancelled() {
        write(USERS, "ada:", 50_000);

        CompletableFuture<Long> deletion = redis.deletePatternAsync(USERS, ADA);
        await().pollInterval(Duration.ofMillis(1)).until(() -> size() < 50_000);
        deletion.cancel(false);

        long left = settledSize();
        assertThat(left).isPositive();
        assertThat(redis.deletePatternSync(USERS, ADA)).isEqualTo(left);
    }

    @Test
    void clearsOneNamespace() {
        write(USERS, "ada:", 1_500);
        redis.setSync("users", "v");
        redis.setSync("users:x", "v");
        redis.setSync("usersx::ada", "v");

        assertThat(redis.clearNamespaceSync(USERS)).isEqualTo(1_500);
        assertThat(size()).isEqualTo(3);
    }

    private void write(Keyspace keyspace, String prefix, int count) {
        Semaphore room = new Semaphore(1_000);
        List<CompletableFuture<Void>> all = IntStream.range(0, count)
                .mapToObj(i -> {
                    room.acquireUninterruptibly();
                    return redis.setAsync(keyspace.key(prefix + i), "v")
                            .whenComplete((done, failure) -> room.release());
                })
                .toList();
        all.forEach(CompletableFuture::join);
    }

    private long present(Keyspace keyspace, String prefix, int count) {
        long present = 0;
        for (int from = 0; from < count; from += 1_000) {
            List<String> keys = IntStream.range(from, Math.min(count, from + 1_000))
                    .mapToObj(i -> keyspace.key(prefix + i))
                    .toList();
            present += SyncCore.of(redis).getAllBytes(keys).stream()
                    .filter(value -> value.isPresent())
                    .count();
        }
        return present;
    }

    private long size() {
        return Long.parseLong(SERVER.server().command("DBSIZE").replaceAll("\\D", ""));
    }

    /** Returns how many keys there are when their number has stopped changing. */
    private long settledSize() {
        long[] last = {size()};
        await().pollInterval(Duration.ofMillis(200)).until(() -> last[0] == (last[0] = size()));
        return last[0];
    }

    private boolean reachable() {
        try {
            redis.syncTestConnection();
            return true;
        } catch (RedisFailure e) {
            return false;
        }
    }
}
