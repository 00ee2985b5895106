package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.spring.connection.Property;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Refuses requests above a limit before Spring Security sees them.
 *
 * <p>Paths are compared as Spring Security does, so that no other spelling of a path avoids its limit.
 */
final class RateLimitFilter implements Filter {

    private final List<Matched> rules;
    private final RefusalAnswer answer;

    RateLimitFilter(List<PathRule> rules, RefusalAnswer answer) {
        this.rules = rules.stream().map(Matched::of).toList();
        this.answer = answer;
    }

    private record Matched(PathRule rule, List<PathPattern> patterns) {

        static Matched of(PathRule rule) {
            return Property.checked(
                    RateLimitRules.property(rule.rule().name()) + ".paths",
                    () -> new Matched(
                            rule,
                            rule.paths().stream()
                                    .map(PathPatternParser.defaultInstance::parse)
                                    .toList()));
        }

        boolean matches(PathContainer path) {
            return patterns.stream().anyMatch(pattern -> pattern.matches(path));
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse httpResponse) {
            try {
                check(http, httpResponse);
            } catch (RateLimitExceededException refusal) {
                answer.write(http, httpResponse, refusal);
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private void check(HttpServletRequest request, HttpServletResponse response) {
        PathContainer path = path(request);
        for (Matched rule : rules) {
            if (rule.matches(path)) {
                rule.rule().check(request, response);
            }
        }
    }

    private static PathContainer path(HttpServletRequest request) {
        boolean isParsed = ServletRequestPathUtils.hasParsedRequestPath(request);
        RequestPath path = isParsed
                ? ServletRequestPathUtils.getParsedRequestPath(request)
                : ServletRequestPathUtils.parseAndCache(request);
        if (!isParsed) {
            // Filters behind this one may change the path.
            ServletRequestPathUtils.clearParsedRequestPath(request);
        }
        // Not pathWithinApplication(), which has no path of the servlet; Spring Security compares with it.
        return path.subPath(path.contextPath().elements().size());
    }
}
