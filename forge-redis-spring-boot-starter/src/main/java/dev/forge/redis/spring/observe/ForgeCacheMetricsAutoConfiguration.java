package dev.forge.redis.spring.observe;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.spring.ForgeRedisAutoConfiguration;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Makes meters for every {@link Cache} bean if Micrometer is on the class path. */
@AutoConfiguration(after = ForgeRedisAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
public final class ForgeCacheMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ForgeCacheMeters forgeCacheMeters(ObjectProvider<Cache<?>> caches) {
        List<Cache<?>> all = new ArrayList<>();
        caches.forEach(all::add);
        return new ForgeCacheMeters(all);
    }
}
