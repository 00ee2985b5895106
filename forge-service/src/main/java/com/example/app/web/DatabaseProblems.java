package com.example.app.web;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionSystemException;

/** Distinguishes a database that is away, or has all its connections in use, from other causes of a failure. */
public final class DatabaseProblems {
    /** Classes of SQL states: no connection, out of resources, stopped by an operator, failed by itself. */
    private static final Set<String> STATES = Set.of("08", "53", "57", "58");

    private DatabaseProblems() {}

    /**
     * Whether an outage caused this failure, however it was wrapped: a transaction that cannot begin, commit or roll
     * back, and a library of its own, each report it by another class. If a roll-back fails as well, what failed first may
     * be beside the failure, not its cause.
     */
    public static boolean areOutage(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> left = new ArrayDeque<>(List.of(failure));
        while (!left.isEmpty()) {
            Throwable next = left.pop();
            if (next instanceof SQLException refused && isAway(refused) || isOfAClosedConnection(next)) {
                return true;
            }
            if (seen.add(next)) {
                left.addAll(List.of(next.getSuppressed()));
                Optional.ofNullable(next.getCause()).ifPresent(left::add);
            }
        }
        return false;
    }

    /** The pool has closed a connection that broke, and refuses its roll-back without a state. */
    private static boolean isOfAClosedConnection(Throwable failure) {
        return failure instanceof TransactionSystemException
                && failure.getCause() instanceof SQLException refused
                && refused.getSQLState() == null;
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
