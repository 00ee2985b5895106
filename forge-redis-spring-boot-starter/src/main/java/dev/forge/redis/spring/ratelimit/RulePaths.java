package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.spring.connection.Property;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The path patterns of a rule, compared as the routes of the application are: the case of a path may not matter to them. */
record RulePaths(List<PathPattern> patterns) {

    /** @param parser that of the routes */
    static RulePaths of(PathRule rule, PathPatternParser parser) {
        return Property.checked(
                RateLimitRules.property(rule.rule().name()) + ".paths",
                () -> new RulePaths(rule.paths().stream().map(parser::parse).toList()));
    }

    boolean match(PathContainer path) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(path));
    }

    /** Returns the path of {@code request}, which keeps it only if it has it already: filters may change the path. */
    static RequestPath of(HttpServletRequest request) {
        if (ServletRequestPathUtils.hasParsedRequestPath(request)) {
            return ServletRequestPathUtils.getParsedRequestPath(request);
        }
        RequestPath path = ServletRequestPathUtils.parseAndCache(request);
        ServletRequestPathUtils.clearParsedRequestPath(request);
        return path;
    }
}
