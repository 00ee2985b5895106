package dev.forge.redis.spring.cache.report;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.RedisManager;
import dev.forge.redis.health.Health;
import dev.forge.redis.spring.cache.CachedMethodScan;
import dev.forge.redis.spring.cache.CachedMethods;
import dev.forge.redis.spring.cache.ForgeCacheManager;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.core.env.Environment;

/**
 * Why nothing is cached, or not what one expects, as far as the application itself can see.
 *
 * <p>Reads the bean definitions, the classes of beans with cache annotations, and the health of Redis. Makes no bean.
 * Blocks for half a second at most while Redis is asked; without Redis the report says so.
 */
public final class CachingReport {

    /** Of any visibility: Spring's own proxies do not see all of them. */
    private static final CacheOperationSource ALL = new AnnotationCacheOperationSource(false);

    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;

    /** Makes reports about the application of {@code beans}. */
    public CachingReport(ConfigurableListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    /**
     * What was found.
     *
     * @param problems what keeps all methods from being cached; empty if nothing does
     * @param managers the beans that are cache managers, with their classes
     * @param evictionPolicy what Redis removes when its memory is full, or {@code unknown}
     * @param methods the methods with cache annotations
     */
    public record Report(
            List<String> problems, Map<String, String> managers, String evictionPolicy, List<Annotated> methods) {}

    /**
     * A method with cache annotations.
     *
     * @param method class and name
     * @param caches the names of its caches; empty if a resolver chooses them
     * @param ttl the TTL of what it stores, or {@code none} if that does not expire
     * @param problems why its annotations do nothing, or not always; empty if nothing was found
     */
    public record Annotated(String method, List<String> caches, String ttl, List<String> problems) {}

    /** Looks now. */
    public Report report() {
        List<String> problems = new ArrayList<>();
        if (beans.getBeanNamesForType(CacheAspectSupport.class, true, false).length == 0) {
            problems.add("Caching is not enabled: add @EnableCaching to a configuration class.");
        } else if (beans.getBeanNamesForType(ForgeCacheManager.class, true, false).length == 0) {
            problems.add("The cache annotations do not use Forge, because "
                    + ForgeCacheProviderAutoConfiguration.reason(beans, environment) + ".");
        }
        Map<String, String> managers = new TreeMap<>();
        for (String name : beans.getBeanNamesForType(CacheManager.class, true, false)) {
            Class<?> type = beans.getType(name);
            managers.put(name, type == null ? "unknown" : type.getName());
        }
        if (managers.isEmpty()) {
            problems.add("There is no CacheManager.");
        }
        return new Report(problems, managers, policy(problems), methods());
    }

    private String policy(List<String> problems) {
        RedisManager redis = beans.getBeanProvider(RedisManager.class).getIfUnique();
        if (redis == null) {
            return "unknown";
        }
        Health health = redis.healthSync();
        if (health instanceof Health.Down down) {
            problems.add("Redis cannot be used: " + down.reason() + ".");
            return "unknown";
        }
        if (health instanceof Health.ReadOnly readOnly) {
            problems.add("Redis takes no writes: " + readOnly.reason() + ".");
            return readOnly.details().evictionPolicy();
        }
        return ((Health.Up) health).details().evictionPolicy();
    }

    private List<Annotated> methods() {
        List<Annotated> found = new ArrayList<>();
        CachedMethodScan.forEach(beans, ALL, (method, bean, type) -> found.add(annotated(method, made(bean), type)));
        return found;
    }

    /** Returns the bean, or null: a factory stands in for its bean, and may not have made it. */
    private @Nullable Object made(String name) {
        Object bean = beans.getSingleton(name);
        return bean instanceof FactoryBean ? null : bean;
    }

    private Annotated annotated(Method method, @Nullable Object bean, Class<?> type) {
        List<String> problems = new ArrayList<>(MethodProblems.of(bean, type, method));
        CachedMethods known = beans.getBeanNamesForType(CachedMethods.class, true, false).length == 0
                ? null
                : beans.getBean(CachedMethods.class);
        String refusal = known == null ? null : known.refusal(method, type);
        if (refusal != null) {
            problems.add(refusal);
        }
        List<String> caches = requireNonNull(ALL.getCacheOperations(method, type)).stream()
                .flatMap(operation -> operation.getCacheNames().stream())
                .distinct()
                .sorted()
                .toList();
        return new Annotated(
                type.getName() + "." + method.getName(),
                caches,
                ttl(known == null ? null : known.ttl(method, type), caches),
                problems);
    }

    private String ttl(@Nullable Duration own, List<String> caches) {
        ForgeCacheManager manager =
                beans.getBeanProvider(ForgeCacheManager.class).getIfUnique();
        if (manager == null) {
            return "unknown";
        }
        if (own == null && caches.isEmpty()) {
            return "that of the cache";
        }
        Duration ttl = own == null ? manager.ttl(caches.get(0)) : own;
        return ttl.equals(RedisManager.NO_EXPIRY) ? "none" : ttl.toString();
    }
}
