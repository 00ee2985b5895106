package dev.forge.redis.spring.ratelimit;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses requests above the limit before they reach a controller. */
final class RateLimitInterceptor implements HandlerInterceptor {

    private final Check check;

    private RateLimitInterceptor(Check check) {
        this.check = check;
    }

    static RateLimitInterceptor ofPaths(PathRule rule) {
        return new RateLimitInterceptor((request, response, handler) -> rule.check(request, response));
    }

    static RateLimitInterceptor ofAnnotations(RateLimitRules rules) {
        return new RateLimitInterceptor((request, response, handler) -> {
            if (handler instanceof HandlerMethod method) {
                rules.of(method).ifPresent(limit -> limit.rule().check(request, response, limit.cost()));
            }
        });
    }

    @FunctionalInterface
    private interface Check {
        void check(HttpServletRequest request, HttpServletResponse response, Object handler);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // Not for a part of a request that was already counted: its asynchronous dispatch, or its error page.
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            check.check(request, response, handler);
        }
        return true;
    }
}
