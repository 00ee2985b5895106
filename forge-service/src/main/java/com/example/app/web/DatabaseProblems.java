package com.example.app.web;

import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers 503 when the database is away, or all of its connections are in use. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE) // Before Problems, which handles every exception.
class DatabaseProblems {
    private final FailureLog failures =
            new FailureLog(LoggerFactory.getLogger(DatabaseProblems.class), "A request failed");

    /** These are handled as causes of other exceptions too. */
    @ExceptionHandler({
        CannotCreateTransactionException.class,
        DataAccessResourceFailureException.class,
        SQLNonTransientConnectionException.class,
        SQLRecoverableException.class,
        SQLTransientConnectionException.class
    })
    ResponseEntity<ProblemDetail> unavailable(Exception failure) {
        failures.warn(failure);
        return Problems.unavailable();
    }
}
