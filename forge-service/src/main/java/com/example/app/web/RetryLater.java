// forge:file redis
package com.example.app.web;

import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** Refuses a request that may succeed later, and says when, in {@code Retry-After}. */
public final class RetryLater extends ErrorResponseException {
    public RetryLater(HttpStatus status, String detail, Duration after) {
        super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
        long seconds = Math.max(1, after.plusMillis(999).toSeconds());
        getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
    }

    /** Records no stack: refusals come in floods, and say nothing about the code. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
