package dev.forge.redis.spring.ratelimit;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * A limit for the requests to some paths.
 *
 * @param paths patterns; the first slash may be left out, as in a mapping of Spring MVC
 * @param methods HTTP methods; if empty, all; {@code GET} includes {@code HEAD}
 * @param beforeSecurity whether a filter checks it before Spring Security, instead of an interceptor
 */
record PathRule(RateLimitRule rule, List<String> paths, List<String> methods, boolean beforeSecurity) {

    PathRule {
        paths = paths.stream()
                .map(PathPatternParser.defaultInstance::initFullPathPattern)
                .toList();
        methods = methods.stream()
                .map(method -> method.strip().toUpperCase(Locale.ROOT))
                .toList();
    }

    /**
     * Checks a request to one of the paths, if it has one of the methods and is not a CORS preflight, which reaches no
     * controller, and has neither a user nor a key.
     *
     * @throws RateLimitExceededException if the request may not proceed
     */
    void check(HttpServletRequest request, HttpServletResponse response) {
        if (isFor(request.getMethod()) && !CorsUtils.isPreFlightRequest(request)) {
            rule.check(request, response, 1);
        }
    }

    private boolean isFor(String method) {
        // Spring MVC answers a HEAD with the method of a GET.
        return methods.isEmpty() || methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
    }
}
