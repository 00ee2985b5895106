package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class DatabaseProblemsTest {
    static Stream<Exception> outages() {
        return Stream.of(
                new CannotCreateTransactionException("no connection", new SQLTransientConnectionException()),
                new TransactionSystemException("JDBC rollback failed", new SQLException("closed", "08003")),
                new IllegalStateException("of a library", new SQLException("restarting", "57P03")),
                new SQLException("disk full", "53100"),
                new TransactionSystemException("JDBC rollback failed", new SQLException("Connection is closed")),
                rolledBackByALibrary());
    }

    private static Exception rolledBackByALibrary() {
        Exception failure = new IllegalStateException("Failed to rollback.", new SQLException("Connection is closed"));
        failure.addSuppressed(new IllegalStateException(new SQLException("broken", "08006")));
        return failure;
    }

    static Stream<Exception> faults() {
        return Stream.of(
                new DuplicateKeyException("twice", new SQLException("twice", "23505")),
                new IllegalStateException("of a library", new SQLException("no such table", "42P01")),
                new SQLException("unknown"),
                new TransactionSystemException("commit failed", new SQLException("deferred", "23503")),
                new IllegalStateException("none of the database"));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void recognizesAnOutageHoweverItIsWrapped(Exception failure) {
        assertThat(DatabaseProblems.areOutage(failure)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void takesNothingElseForAnOutage(Exception failure) {
        assertThat(DatabaseProblems.areOutage(failure)).isFalse();
    }
}
