package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.RedisManager;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.security.Principal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.method.HandlerMethod;

/** The limits of an application, by name. */
final class RateLimitRules {

    private static final int LONGEST_SUBJECT = 1024;
    private static final String HEADER = "header:";

    private final RedisManager redis;
    private final RateLimitProperties properties;
    private final SingletonSupplier<RateLimitSubject> principal;
    private final CallerAddress address;
    private final Map<RateLimitRule, List<String>> ofPaths = new LinkedHashMap<>();
    private final Map<String, RateLimitRule> byName = new ConcurrentHashMap<>();
    private final Map<Method, Optional<Priced>> byMethod = new ConcurrentHashMap<>();

    RateLimitRules(RedisManager redis, RateLimitProperties properties, SingletonSupplier<RateLimitSubject> principal) {
        this.redis = redis;
        this.properties = properties;
        this.principal = principal;
        this.address = new CallerAddress(properties.trustedProxies());
        properties.rules().forEach((name, rule) -> {
            RateLimiter limiter = limiter(name, rule.algorithm(), rule.permits(), rule.period())
                    .withOnOutage(rule.onOutage())
                    .withInstances(rule.instances())
                    .withTimeout(rule.timeout());
            RateLimitRule made = new RateLimitRule(name, limiter, subject(rule.subject()));
            byName.put(name, made);
            if (!rule.paths().isEmpty()) {
                ofPaths.put(made, rule.paths());
            }
        });
    }

    /** A limit, and the permits that a request costs. */
    record Priced(RateLimitRule rule, int cost) {}

    /** Returns the rules for paths, with the patterns of each. */
    Map<RateLimitRule, List<String>> ofPaths() {
        return ofPaths;
    }

    /** Returns the annotated limit of a method, or else of its controller. */
    Optional<Priced> of(HandlerMethod handler) {
        return byMethod.computeIfAbsent(handler.getMethod(), method -> {
            RateLimit annotation = AnnotatedElementUtils.findMergedAnnotation(method, RateLimit.class);
            if (annotation == null) {
                annotation = AnnotatedElementUtils.findMergedAnnotation(handler.getBeanType(), RateLimit.class);
            }
            return Optional.ofNullable(annotation).map(this::priced);
        });
    }

    private Priced priced(RateLimit annotation) {
        Duration period = DurationStyle.detectAndParse(annotation.period());
        RateLimitRule rule = byName.computeIfAbsent(
                annotation.name(),
                name -> new RateLimitRule(
                        name,
                        limiter(name, annotation.algorithm(), annotation.permits(), period)
                                .withOnOutage(annotation.onOutage()),
                        subject(annotation.subject())));
        List<Limit> limits = rule.limiter().limits();
        if (!properties.rules().containsKey(annotation.name())
                && !limits.equals(List.of(Limit.of(annotation.permits(), period)))) {
            throw new IllegalStateException("rate limits of one name must be equal, but " + annotation.name() + " is "
                    + limits + " and " + annotation.permits() + " in " + period);
        }
        if (annotation.cost() < 1 || annotation.cost() > limits.get(0).permits()) {
            throw new IllegalStateException("cost of the rate limit " + annotation.name() + " must be from 1 to "
                    + limits.get(0).permits() + ", but was " + annotation.cost());
        }
        return new Priced(rule, annotation.cost());
    }

    private RateLimiter limiter(String name, Algorithm algorithm, int permits, Duration period) {
        try {
            return RateLimiter.of(redis, name, algorithm, List.of(Limit.of(permits, period)));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the rate limit " + name + " cannot be used: " + e.getMessage(), e);
        }
    }

    private Function<HttpServletRequest, String> subject(String kind) {
        if (kind.equals("address")) {
            return this::address;
        }
        if (kind.equals("principal")) {
            return request -> principal
                    .obtain()
                    .of(request)
                    .filter(RateLimitRules::isName)
                    .map(name -> "user:" + name)
                    .orElseGet(() -> address(request));
        }
        if (kind.startsWith(HEADER) && kind.length() > HEADER.length()) {
            String header = kind.substring(HEADER.length());
            return request -> Optional.ofNullable(request.getHeader(header))
                    .filter(RateLimitRules::isName)
                    .map(value -> kind + ":" + value)
                    .orElseGet(() -> address(request));
        }
        throw new IllegalStateException("subject must be principal, address or header:<name>, but was '" + kind + "'");
    }

    private String address(HttpServletRequest request) {
        return "address:" + address.of(request);
    }

    private static boolean isName(String text) {
        return !text.isBlank() && text.length() <= LONGEST_SUBJECT && RedisKey.isUnicode(text);
    }

    /** Returns the principal that the container or Spring Security knows. */
    static Optional<String> principal(HttpServletRequest request) {
        return Optional.ofNullable(request.getUserPrincipal()).map(Principal::getName);
    }
}
