package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.RedisManager;
import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.OnOutage;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.spring.connection.Property;
import dev.forge.redis.spring.connection.RedisServers;
import dev.forge.redis.spring.ratelimit.RateLimitProperties.Rule;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;

/** The limits of an application, by name. */
final class RateLimitRules {

    private static final String PREFIX = "forge.rate-limit.";

    private final RedisServers servers;
    private final RedisManager redis;
    private final Supplier<RateLimitPlan> plan;
    private final RequestSubjects subjects;
    private final List<PathRule> ofPaths = new ArrayList<>();
    private final Map<String, Named> ofProperties = new HashMap<>();
    private final Map<String, Named> ofAnnotations = new ConcurrentHashMap<>();
    private final Map<MethodClassKey, Optional<Priced>> byMethod = new ConcurrentHashMap<>();

    /** @throws dev.forge.redis.settings.InvalidSettingsException if a property has a value that cannot be used */
    RateLimitRules(
            RedisServers servers,
            RateLimitProperties properties,
            Supplier<RateLimitSubject> principal,
            Supplier<RateLimitPlan> plan) {
        this.servers = servers;
        this.redis = servers.named(properties.server(), PREFIX + "server");
        this.plan = plan;
        this.subjects = Property.checked(
                PREFIX + "trusted-proxies", () -> new RequestSubjects(properties.trustedProxies(), principal));
        properties.rules().forEach((name, rule) -> {
            Named named = named(name, rule);
            ofProperties.put(name, named);
            if (!rule.paths().isEmpty()) {
                ofPaths.add(new PathRule(named.rule, rule.paths(), rule.methods(), rule.beforeSecurity()));
            } else if (rule.beforeSecurity()) {
                throw Property.refused(property(name) + ".before-security", "a limit before security needs paths");
            }
        });
    }

    /** A limit, and the permits that a request costs. */
    record Priced(RateLimitRule rule, int cost) {}

    /** What has to be equal in annotations of one name, because they share one count. */
    private record Terms(Limit limit, Algorithm algorithm, String subject, OnOutage onOutage) {}

    /** @param most the highest cost: the lowest number of permits on any plan */
    private record Named(RateLimitRule rule, Terms terms, int most) {}

    /** Returns the rules for paths. */
    List<PathRule> ofPaths() {
        return ofPaths;
    }

    /** Returns what the rules in shadow mode have counted. */
    List<ShadowMode> shadows() {
        return ofProperties.values().stream()
                .flatMap(named -> named.rule.shadow().stream())
                .toList();
    }

    /** Returns the annotated limit of a method, or else of its controller. */
    Optional<Priced> of(HandlerMethod handler) {
        Method method = handler.getMethod();
        // Several controllers may inherit one method.
        return byMethod.computeIfAbsent(new MethodClassKey(method, handler.getBeanType()), key -> {
            RateLimit annotation = AnnotatedElementUtils.findMergedAnnotation(method, RateLimit.class);
            if (annotation == null) {
                annotation = AnnotatedElementUtils.findMergedAnnotation(handler.getBeanType(), RateLimit.class);
            }
            return Optional.ofNullable(annotation).map(this::priced);
        });
    }

    private Priced priced(RateLimit annotation) {
        String name = annotation.name();
        Named named = ofProperties.get(name);
        if (named == null) {
            Terms terms = new Terms(
                    annotated(
                            name,
                            () -> Limit.of(
                                    annotation.permits(),
                                    DurationStyle.detectAndParse(annotation.period(), ChronoUnit.SECONDS))),
                    annotation.algorithm(),
                    annotation.subject(),
                    annotation.onOutage());
            named = ofAnnotations.computeIfAbsent(name, first -> named(first, terms));
            if (!named.terms.equals(terms)) {
                throw new IllegalStateException("rate limits of one name must be equal, but " + name + " is "
                        + named.terms + " and " + terms + "; give one of them another name");
            }
        }
        if (annotation.cost() < 1 || annotation.cost() > named.most) {
            throw new IllegalStateException("cost of the rate limit " + name + " must be from 1 to " + named.most
                    + ", but was " + annotation.cost());
        }
        return new Priced(named.rule, annotation.cost());
    }

    private Named named(String name, Terms terms) {
        RateLimiter limiter = annotated(name, () -> limiter(redis, name, terms, terms.limit));
        RateLimitRule rule =
                new RateLimitRule(name, request -> limiter, annotated(name, () -> subjects.of(terms.subject)), null);
        return new Named(rule, terms, terms.limit.permits());
    }

    private Named named(String name, Rule rule) {
        String property = property(name);
        Terms terms = new Terms(
                limit(property, rule.permits(), rule.period()), rule.algorithm(), rule.subject(), rule.onOutage());
        RedisManager mine = rule.server() == null ? redis : servers.named(rule.server(), property + ".server");
        BiFunction<String, Limit, RateLimiter> limiters = (from, limit) -> Property.checked(
                from,
                () -> limiter(mine, name, terms, limit)
                        .withInstances(rule.instances())
                        .withTimeout(rule.timeout())
                        .withShadowMode(rule.shadowMode()));
        RateLimiter own = limiters.apply(property, terms.limit);
        Map<String, RateLimiter> plans = new HashMap<>();
        int most = terms.limit.permits();
        for (Map.Entry<String, RateLimitProperties.Plan> entry : rule.plans().entrySet()) {
            String ofPlan = Property.ofEntry(property + ".plans", entry.getKey());
            RateLimitProperties.Plan other = entry.getValue();
            Limit limit = limit(ofPlan, other.permits(), other.period() == null ? rule.period() : other.period());
            plans.put(entry.getKey(), limiters.apply(ofPlan, limit));
            most = Math.min(most, limit.permits());
        }
        ShadowMode shadow = rule.shadowMode() ? new ShadowMode(name, System::nanoTime) : null;
        Function<HttpServletRequest, RateLimiter> limiter =
                plans.isEmpty() ? request -> own : request -> ofPlan(request, plans, own);
        Function<HttpServletRequest, String> subject =
                Property.checked(property + ".subject", () -> subjects.of(rule.subject()));
        return new Named(new RateLimitRule(name, limiter, subject, shadow), terms, most);
    }

    private RateLimiter ofPlan(HttpServletRequest request, Map<String, RateLimiter> plans, RateLimiter own) {
        return plan.get().of(request).map(plans::get).orElse(own);
    }

    private static RateLimiter limiter(RedisManager redis, String name, Terms terms, Limit limit) {
        return RateLimiter.of(redis, name, terms.algorithm, List.of(limit)).withOnOutage(terms.onOutage);
    }

    /** Returns what the names of the properties of the rule {@code name} begin with. */
    static String property(String name) {
        return Property.ofEntry(PREFIX + "rules", name);
    }

    /** Returns the limit whose properties are below {@code property}. */
    private static Limit limit(String property, @Nullable Integer permits, @Nullable Duration period) {
        String ofPermits = property + ".permits";
        String ofPeriod = property + ".period";
        int number = Property.required(ofPermits, permits);
        Duration time = Property.required(ofPeriod, period);
        Property.checked(ofPermits, () -> Limit.of(number, Duration.ofMinutes(1)));
        return Property.checked(ofPeriod, () -> Limit.of(number, time));
    }

    private static <T> T annotated(String name, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the rate limit " + name + " cannot be used: " + e.getMessage(), e);
        }
    }
}
