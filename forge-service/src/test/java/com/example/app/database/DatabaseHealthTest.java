package com.example.app.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.datasource.AbstractDataSource;

class DatabaseHealthTest {
    private final FrozenDatabase database = new FrozenDatabase();
    private final DatabaseHealth health = new DatabaseHealth(database);

    @AfterEach
    void thaw() {
        database.thawed.countDown();
    }

    @Test
    void isDownSoonWhileTheDatabaseIsFrozenAndUpWhenItIsBack() {
        long start = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        assertThat(database.asked).hasValue(1);

        database.thawed.countDown();

        await().untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
    }

    @Test
    void isDownWithoutAnAddressWhenTheDatabaseIsAway() {
        database.away = true;

        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.health().getDetails()).containsOnlyKeys("reason").containsValue("unreachable");
    }

    private static final class FrozenDatabase extends AbstractDataSource {
        final CountDownLatch thawed = new CountDownLatch(1);
        final AtomicInteger asked = new AtomicInteger();
        volatile boolean away;

        @Override
        public Connection getConnection() throws SQLException {
            if (away) {
                throw new SQLTransientConnectionException("db.example.com refuses");
            }
            asked.incrementAndGet();
            try {
                thawed.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            return DriverManager.getConnection("jdbc:h2:mem:health");
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }
    }
}
