package dev.forge.redis.spring.cache;

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
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Logs once at the start who caches, where caching is enabled and another manager than Forge's does it. */
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
                    .map(each -> each.getKey() + " (" + each.getValue().getClass().getName() + ")")
                    .collect(Collectors.joining(", "));
            String type = environment.getProperty("spring.cache.type");
            LOG.info(
                    "The cache annotations do not use Forge, because {}. They use {}.",
                    type == null ? "the application has a CacheManager or cacheResolver of its own" : "spring.cache.type is " + type,
                    others.isEmpty() ? "no CacheManager bean" : others);
        };
    }
}
