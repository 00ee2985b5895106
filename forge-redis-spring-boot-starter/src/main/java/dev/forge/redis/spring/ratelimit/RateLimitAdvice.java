package dev.forge.redis.spring.ratelimit;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** Answers a refused request with its problem. It comes last, so that any advice of the application decides before it. */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class RateLimitAdvice {

    @ExceptionHandler
    ErrorResponse problem(RateLimitExceededException refusal) {
        return refusal;
    }
}
