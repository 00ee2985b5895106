package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.spring.ratelimit.RateLimitRules.Priced;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses requests above the limit before they reach a controller. */
final class RateLimitInterceptor implements HandlerInterceptor {

    private final Function<Object, Optional<Priced>> limits;

    /** @param limits returns the limit of a handler */
    RateLimitInterceptor(Function<Object, Optional<Priced>> limits) {
        this.limits = limits;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // Not for a part of a request that was already counted: its asynchronous dispatch, or its error page.
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            limits.apply(handler).ifPresent(limit -> limit.rule().check(request, response, limit.cost()));
        }
        return true;
    }
}
