package com.example.app.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Explains in one message why the service cannot start on its database. {@code META-INF/spring.factories} names it. */
class DatabaseFailureAnalyzer implements FailureAnalyzer {
    private static final int H2_FILE_IN_USE = 90020;

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidDatabaseUrl invalid) {
                return new FailureAnalysis(
                        invalid.getMessage(),
                        "Correct DATABASE_URL, or leave it out for an H2 database in ./data.",
                        failure);
            }
            FailureAnalysis known = cause instanceof SQLException refused ? analyze(refused, failure) : null;
            if (known != null) {
                return known;
            }
        }
        return null;
    }

    /** The SQL state says what is wrong, in every database. */
    private static @Nullable FailureAnalysis analyze(SQLException refused, Throwable failure) {
        String state = String.valueOf(refused.getSQLState());
        if (refused.getErrorCode() == H2_FILE_IN_USE) {
            return new FailureAnalysis(
                    "The database file is in use by another process.",
                    "Stop the process that uses it, which may be this service in another terminal, or set DATABASE_URL to"
                            + " another database.",
                    failure);
        }
        if (state.startsWith("28")) {
            return new FailureAnalysis(
                    "The database refuses the login: " + refused.getMessage(),
                    "Correct DATABASE_USERNAME and DATABASE_PASSWORD, or the login in DATABASE_URL.",
                    failure);
        }
        if (state.equals("3D000")) {
            return new FailureAnalysis(
                    "The database does not exist: " + refused.getMessage(),
                    "Create it, or correct the name at the end of DATABASE_URL.",
                    failure);
        }
        if (state.startsWith("08")) {
            return new FailureAnalysis(
                    "The database cannot be reached: " + refused.getMessage(),
                    "Start it, or correct DATABASE_URL.",
                    failure);
        }
        return null;
    }
}
