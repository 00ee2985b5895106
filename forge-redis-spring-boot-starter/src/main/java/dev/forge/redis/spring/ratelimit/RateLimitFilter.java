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
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Refuses requests above a limit before Spring Security sees them.
 *
 * <p>Paths are compared as Spring Security does, so that no other spelling of a path avoids its limit.
 */
final class RateLimitFilter implements Filter {

    /** Perhaps with path parameters, and without a repeated group, with which a long path would overflow the stack. */
    private static final Pattern EMPTY_SEGMENT = Pattern.compile("/(?:;[^/]*+)?+(?=/)");

    private final Supplier<List<Matched>> rules;
    private final RefusalAnswer answer;

    /** @param parser that of the application's routes; asked for at the first request, because filters are made before it */
    RateLimitFilter(List<PathRule> rules, Supplier<PathPatternParser> parser, RefusalAnswer answer) {
        this.rules = SingletonSupplier.of(() -> matched(rules, parser.get()));
        this.answer = answer;
        // A wrong pattern stops the start.
        var unused = matched(rules, PathPatternParser.defaultInstance);
    }

    private static List<Matched> matched(List<PathRule> rules, PathPatternParser parser) {
        return rules.stream().map(rule -> Matched.of(rule, parser)).toList();
    }

    private record Matched(PathRule rule, List<PathPattern> patterns) {

        static Matched of(PathRule rule, PathPatternParser parser) {
            return Property.checked(
                    RateLimitRules.property(rule.rule().name()) + ".paths",
                    () -> new Matched(
                            rule, rule.paths().stream().map(parser::parse).toList()));
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
        for (Matched rule : rules.get()) {
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
            // Filters after this one may change the path.
            ServletRequestPathUtils.clearParsedRequestPath(request);
        }
        // Not pathWithinApplication(), which lacks the servlet path; Spring Security's comparison includes it.
        PathContainer inApplication = path.subPath(path.contextPath().elements().size());
        // Routes that are compared by AntPathMatcher have no empty segments, nor segments that are empty except for
        // parameters.
        String value = inApplication.value();
        return value.contains("//") || value.contains("/;")
                ? PathContainer.parsePath(EMPTY_SEGMENT.matcher(value).replaceAll(""))
                : inApplication;
    }
}
