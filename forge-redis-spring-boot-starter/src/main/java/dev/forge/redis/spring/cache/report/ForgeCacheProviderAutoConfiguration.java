package dev.forge.redis.spring.cache.report;

import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.cache.ForgeCacheManager;
import dev.forge.redis.spring.cache.ForgeCacheManagerAutoConfiguration;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Logs once at the start what caches, where caching is enabled and a manager other than Forge's does it. */
@AutoConfiguration(
        after = ForgeCacheManagerAutoConfiguration.class,
        afterName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnClass(CacheManager.class)
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnMissingBean(ForgeCacheManager.class)
public final class ForgeCacheProviderAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(ForgeCacheProviderAutoConfiguration.class);

    @Bean
    SmartInitializingSingleton forgeCacheProviderLog(ListableBeanFactory beans, Environment environment) {
        return () -> {
            Map<String, CacheManager> managers = beans.getBeansOfType(CacheManager.class);
            String others = managers.entrySet().stream()
                    .map(each ->
                            each.getKey() + " (" + each.getValue().getClass().getName() + ")")
                    .collect(Collectors.joining(", "));
            LOG.info(
                    "The cache annotations do not use Forge, because {}. They use {}.",
                    reason(beans, environment),
                    others.isEmpty() ? "no CacheManager bean" : others);
        };
    }

    static String reason(ListableBeanFactory beans, Environment environment) {
        String type = environment.getProperty("spring.cache.type");
        if (StringUtils.hasText(type)) {
            return "spring.cache.type is " + type;
        }
        if (beans.getBeanNamesForType(RedisManager.class).length == 0) {
            return "there is no RedisManager";
        }
        return beans.getBeanNamesForType(CacheOperationSource.class).length == 0
                ? "they are woven by AspectJ"
                : "the application has a CacheManager or cacheResolver of its own";
    }
}
