// forge:file redis
package com.example.app.web;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.net.SocketException;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers for routes that need Redis, when {@code RedisManager} or the Redis client fails: 503 if a later request may
 * succeed, 500 if somebody has to repair the service or the permissions of its Redis user first.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE) // Before Problems, which handles every exception.
class RedisProblems {
    private final FailureLog failures =
            new FailureLog(LoggerFactory.getLogger(Problems.class), "A request failed");

    /** The client reports some lost connections as the exception of their socket. */
    @ExceptionHandler({RedisFailure.class, RedisException.class, SocketException.class})
    ResponseEntity<ProblemDetail> failed(Exception failure) {
        Optional<RefusalReason> permanent = refusal(failure).filter(RedisProblems::isPermanent);
        if (permanent.isPresent()) {
            failures.error(permanent.get(), failure);
            return Problems.failed();
        }
        failures.warn(failure);
        return Problems.unavailable();
    }

    private static Optional<RefusalReason> refusal(Exception failure) {
        if (failure instanceof RedisRefusedException refused) {
            return Optional.of(refused.reason());
        }
        return failure instanceof RedisCommandExecutionException error
                ? Optional.of(RefusalReason.of(String.valueOf(error.getMessage())))
                : Optional.empty();
    }

    private static boolean isPermanent(RefusalReason reason) {
        return switch (reason) {
            case WRONGTYPE, NOPERM, CROSSSLOT, NOSCRIPT, OTHER -> true;
            default -> false;
        };
    }
}
