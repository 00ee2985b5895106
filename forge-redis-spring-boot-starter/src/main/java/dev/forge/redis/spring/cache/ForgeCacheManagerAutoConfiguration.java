package dev.forge.redis.spring.cache;

import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.cache.transaction.CacheTransactions;
import dev.forge.redis.spring.cache.transaction.ForgeCacheTransactionAutoConfiguration;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.connection.RedisServers;
import java.util.List;
import org.springframework.aop.support.AbstractGenericPointcutAdvisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Keeps what {@code @Cacheable} methods return in Redis, where caching is enabled with {@code @EnableCaching}.
 *
 * <p>Backs off if the application has a {@link CacheManager} or a bean {@code cacheResolver} of its own, if {@code
 * spring.cache.type} is set, or if caching is enabled in AspectJ mode, which has no proxies.
 */
@AutoConfiguration(
        after = ForgeRedisAutoConfiguration.class,
        beforeName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnClass({CacheManager.class, BeanFactoryCacheOperationSourceAdvisor.class})
@ConditionalOnBean({RedisManager.class, CacheAspectSupport.class, CacheOperationSource.class})
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
@Conditional(OnUnsetCacheType.class)
@EnableConfigurationProperties(ForgeCacheProperties.class)
@ImportAutoConfiguration(ForgeCacheTransactionAutoConfiguration.class)
public final class ForgeCacheManagerAutoConfiguration {

    /** The name of the manager, as Spring Boot has it. */
    static final String MANAGER = "cacheManager";

    @Bean(MANAGER)
    ForgeCacheManager cacheManager(
            RedisServers servers,
            ForgeCacheProperties properties,
            Environment environment,
            ObjectProvider<CacheKeyFormat> keys,
            ObjectProvider<CacheTypes> types,
            ObjectProvider<ForgeCacheCustomizer> customizers,
            ObjectProvider<CacheTransactions> transactions) {
        List<String> names = Binder.get(environment)
                .bind("spring.cache.cache-names", Bindable.listOf(String.class))
                .orElse(List.of());
        return new ForgeCacheManager(
                servers,
                properties,
                keys.getIfAvailable(TextKeys::new),
                types.orderedStream().toList(),
                customizers.orderedStream().toList(),
                names,
                properties.transactionAware() ? transactions.getIfAvailable() : null);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static CachedMethods forgeCachedMethods(
            CacheOperationSource operations,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<ForgeCacheProperties> properties) {
        // The properties are asked for late, because advisors are made early.
        return new CachedMethods(
                operations,
                beans::resolveEmbeddedValue,
                () -> properties.getObject().unsupportedTypes() == ForgeCacheProperties.UnsupportedTypes.FAIL);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AbstractGenericPointcutAdvisor forgeCacheInvocationAdvisor(
            CachedMethods methods, ObjectProvider<BeanFactoryCacheOperationSourceAdvisor> spring) {
        BeanFactoryCacheOperationSourceAdvisor advisor = spring.getIfAvailable();
        int order = advisor == null ? Ordered.LOWEST_PRECEDENCE : advisor.getOrder();
        return CacheInvocationInterceptor.advisor(methods, order == Ordered.HIGHEST_PRECEDENCE ? order : order - 1);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AbstractGenericPointcutAdvisor forgeCacheInvalidationAdvisor(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<ForgeCacheManager> manager,
            ObjectProvider<CacheAspectSupport> spring) {
        return InvalidationInterceptor.advisor(
                new MethodInvalidations(beans::resolveEmbeddedValue),
                manager::getObject,
                () -> spring.getObject().getErrorHandler());
    }

    /** Reads all methods with cache annotations when the application starts, so that what cannot be cached is known then. */
    @Bean
    SmartInitializingSingleton forgeCachedMethodScan(
            ConfigurableListableBeanFactory beans,
            CacheOperationSource operations,
            CachedMethods methods,
            ForgeCacheManager manager) {
        return () -> CachedMethodScan.forEach(beans, operations, (method, bean, type) -> {
            CachedMethod known = methods.of(method, type);
            known.names().forEach(cache -> manager.add(cache, known));
        });
    }
}
