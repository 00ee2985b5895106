package com.example.app.web;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away, or all of whose connections are in use, from other causes of a failure. */
final class DatabaseProblems {
    /** Classes of SQL states: no connection, out of resources, stopped by an operator, failed by itself. */
    private static final Set<String> STATES = Set.of("08", "53", "57", "58");

    private DatabaseProblems() {}

    /**
     * Whether an outage caused this failure, however it was wrapped: a transaction that cannot begin, commit or roll
     * back, and a library of its own, each report it by another class.
     */
    static boolean areOutage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused && isAway(refused)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAway(SQLException refused) {
        return refused instanceof SQLNonTransientConnectionException
                || refused instanceof SQLRecoverableException
                || refused instanceof SQLTransientConnectionException
                || STATES.contains(stateClass(refused.getSQLState()));
    }

    private static String stateClass(@Nullable String state) {
        return state == null ? "" : state.substring(0, Math.min(2, state.length()));
    }
}
