package dev.forge.redis.spring.ratelimit;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Refuses requests above a limit before Spring Security sees them.
 *
 * <p>Paths are compared as Spring Security does, so that no other spelling of a path avoids its limit.
 */
final class RateLimitFilter implements Filter {

    private final List<PathRule> rules;
    private final Supplier<List<RulePaths>> paths;
    private final RefusalAnswer answer;

    /** @param parser that of the application's routes; asked for at the first request, because filters are made before it */
    RateLimitFilter(List<PathRule> rules, Supplier<PathPatternParser> parser, RefusalAnswer answer) {
        this.rules = rules;
        this.paths = SingletonSupplier.of(() -> paths(rules, parser.get()));
        this.answer = answer;
        // A wrong pattern stops the start.
        var unused = paths(rules, PathPatternParser.defaultInstance);
    }

    private static List<RulePaths> paths(List<PathRule> rules, PathPatternParser parser) {
        return rules.stream().map(rule -> RulePaths.of(rule, parser)).toList();
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
        RequestPath whole = RulePaths.of(request);
        // Not pathWithinApplication(), which has no path of the servlet; Spring Security compares with it.
        PathContainer path = whole.subPath(whole.contextPath().elements().size());
        List<RulePaths> all = paths.get();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).match(path)) {
                rules.get(i).check(request, response);
            }
        }
    }
}
