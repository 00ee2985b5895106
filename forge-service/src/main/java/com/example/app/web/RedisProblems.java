// forge:file redis
package com.example.app.web;

import dev.forge.redis.failure.RedisFailure;
import io.lettuce.core.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers 503 when a route needs Redis, and {@code RedisManager} or the Redis client fails. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE) // Before Problems, which handles every exception.
class RedisProblems {
    private static final Logger log = LoggerFactory.getLogger(RedisProblems.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    @ExceptionHandler({RedisFailure.class, RedisException.class})
    ResponseEntity<ProblemDetail> unavailable(RuntimeException failure) {
        log.warn("A request failed: {}", failure.toString());
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "A part of the service is not available. Please try again later.");
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .body(problem);
    }
}
